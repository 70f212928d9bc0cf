package io.shelfcast.snowflake.emulator;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Makes and fills tables, from the side of DuckDB. */
final class Tables {

  private final Warehouse warehouse;
  private final Settings settings;

  Tables(Warehouse warehouse, Settings settings) {
    this.warehouse = warehouse;
    this.settings = settings;
  }

  void execute(String sql) {
    Object unused = run(statement -> statement.execute(Dialect.withTypes(Token.read(sql))));
  }

  void loadParquet(String table, String glob) {
    String files = "read_parquet('%s')".formatted(glob.replace("'", "''"));
    List<String> columns = columns(files);
    Object unused =
        run(
            statement ->
                statement.execute(
                    "CREATE TABLE %s AS SELECT %s FROM %s"
                        .formatted(table, String.join(", ", columns), files)));
  }

  private List<String> columns(String files) {
    return run(
        statement -> {
          List<String> columns = new ArrayList<>();
          try (ResultSet rows = statement.executeQuery("DESCRIBE SELECT * FROM " + files)) {
            while (rows.next()) {
              String name = '"' + rows.getString(1).replace("\"", "\"\"") + '"';
              columns.add(name + " AS " + name.toUpperCase(Locale.ROOT));
            }
          }
          return columns;
        });
  }

  long count(String table) {
    return run(
        statement -> {
          try (ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            return row.next() ? row.getLong(1) : 0L;
          }
        });
  }

  private interface Work<T> {
    T on(Statement statement) throws SQLException;
  }

  private <T> T run(Work<T> work) {
    try (Connection connection = warehouse.connect(settings.database(), settings.schema());
        Statement statement = connection.createStatement()) {
      return work.on(statement);
    } catch (SQLException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
