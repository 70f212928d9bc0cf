package io.shelfcast.snowflake.emulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Rows into Parquet files. Numbers are of the type that the query gives them, or of the smallest
 * that holds their values, as ENABLE_UNLOAD_PHYSICAL_TYPE_OPTIMIZATION says. A file is full when a
 * row group has gone over MAX_FILE_SIZE.
 */
final class ParquetUnload implements Unload.Rows {

  private final boolean smallestTypes;

  ParquetUnload(boolean smallestTypes) {
    this.smallestTypes = smallestTypes;
  }

  @Override
  public void write(CopyCommand copy, Query query, Path folder, Unload unload)
      throws SQLException, IOException {
    query.prepare("CREATE TEMP TABLE UNLOADED AS ").execute();
    Path out = folder.resolve("out");
    try (Statement statement = query.connection().createStatement()) {
      List<Column> columns;
      try (ResultSet rows = statement.executeQuery("SELECT * FROM UNLOADED LIMIT 0")) {
        columns = Column.of(rows.getMetaData());
      }
      if (count(statement, "SELECT COUNT(*) FROM UNLOADED") == 0) {
        return;
      }
      statement.execute(
          """
          COPY (SELECT %s FROM UNLOADED) TO '%s' (FORMAT PARQUET, COMPRESSION %s,
            FILE_SIZE_BYTES %d, ROW_GROUP_SIZE %d, FILENAME_PATTERN 'part{i}')"""
              .formatted(
                  select(columns, copy.options().header(), statement),
                  out,
                  copy.options().compressed() ? "SNAPPY" : "UNCOMPRESSED",
                  copy.options().maxFileSize(),
                  Math.max(2048, Math.min(122_880, copy.options().maxFileSize() / 256))));
      for (Path file : inOrder(out)) {
        long rows =
            count(
                statement,
                "SELECT num_rows FROM parquet_file_metadata('%s')".formatted(file.toString()));
        unload.finished(file, rows);
      }
    }
  }

  private String select(List<Column> columns, boolean header, Statement statement)
      throws SQLException {
    List<String> out = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      String name = quoted(column.name());
      String value =
          switch (column.type()) {
            case FIXED ->
                "%s::DECIMAL(%d,%d)"
                    .formatted(name, precision(column, name, statement), column.scale());
            case REAL -> name + "::DOUBLE";
            case TIMESTAMP_LTZ ->
                throw new SqlFailure(
                    "002023",
                    "22000",
                    "SQL compilation error:\nError encountered when unloading to PARQUET: "
                        + "TIMESTAMP_TZ and LTZ types are not supported for unloading to Parquet.");
            default -> name;
          };
      out.add(value + " AS " + (header ? name : "_COL_" + i));
    }
    return String.join(", ", out);
  }

  private int precision(Column column, String name, Statement statement) throws SQLException {
    if (!smallestTypes) {
      return column.precision();
    }
    int digits =
        (int)
            count(
                statement,
                """
                SELECT COALESCE(MAX(LENGTH(REPLACE(ABS(%s)::VARCHAR, '.', ''))), 1) FROM UNLOADED"""
                    .formatted(name));
    return Math.min(digits, column.precision());
  }

  private static long count(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      if (!row.next()) {
        throw new IllegalStateException("no row for " + sql);
      }
      return row.getLong(1);
    }
  }

  private static List<Path> inOrder(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .sorted(
              Comparator.comparingInt(
                  file -> Integer.parseInt(file.getFileName().toString().replaceAll("[^0-9]", ""))))
          .toList();
    }
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
