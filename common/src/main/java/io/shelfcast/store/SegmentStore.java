package io.shelfcast.store;

import io.shelfcast.policy.ProductAttributes;
import io.shelfcast.policy.SegmentTable;
import io.shelfcast.policy.StoreAttributes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is known of stores and of products, by which the rules of a policy tell items apart. */
public final class SegmentStore {

  /** One load at a time: each takes the table for what the one before has left. */
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtextextended('shelfcast.segments', 0))";

  private static final String NEXT_VERSION =
      "UPDATE segment_load SET version = version + 1, loaded_at = now() WHERE kind = ?";

  private static final String VERSIONS =
      "SELECT (SELECT version FROM segment_load WHERE kind = 'stores'),"
          + " (SELECT version FROM segment_load WHERE kind = 'products')";

  private static final String VERSION = "SELECT version FROM segment_load WHERE kind = ?";

  /** What is read, and the number that it is read under, have to be of one moment. */
  private static final String ONE_MOMENT =
      "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

  /** With all rows at once the driver would hold them twice. */
  private static final int FETCH_ROWS = 10_000;

  private final Database database;

  public SegmentStore(Database database) {
    this.database = database;
  }

  /**
   * The content of a table, and its number.
   *
   * @param version as {@link SegmentVersions} has it
   */
  public record Content<T>(long version, SegmentTable<T> table) {}

  /**
   * What two replaced tables came to.
   *
   * @param stores null: they were left as they are
   * @param products null: they were left as they are
   */
  public record Replaced(@Nullable SegmentChange stores, @Nullable SegmentChange products) {}

  /**
   * Makes these the whole content, of both tables or of one, in one transaction: a reader sees all
   * of the old, or all of the new. Rows that are as they were are not written, so that the daily
   * load of a large table costs little, and loading the same once more changes no number.
   *
   * @param stores null: they stay as they are
   * @param products null: they stay as they are
   */
  public Replaced replace(
      @Nullable SegmentTable<StoreAttributes> stores,
      @Nullable SegmentTable<ProductAttributes> products) {
    return database.onOwnConnection(
        connection -> {
          execute(connection, LOCK);
          Replaced replaced =
              new Replaced(
                  stores == null ? null : replace(connection, SegmentKind.STORES, stores),
                  products == null ? null : replace(connection, SegmentKind.PRODUCTS, products));
          connection.commit();
          return replaced;
        });
  }

  /** Which content the tables have; cheap enough to be asked for each second. */
  public SegmentVersions versions() {
    return database.inTransaction(
        connection -> {
          try (Statement select = connection.createStatement();
              ResultSet row = select.executeQuery(VERSIONS)) {
            row.next();
            return new SegmentVersions(row.getLong(1), row.getLong(2));
          }
        });
  }

  /** All stores; reads on a replica too. */
  public Content<StoreAttributes> stores() {
    return read(SegmentKind.STORES);
  }

  /** All products; some ten seconds for as many million. Reads on a replica too. */
  public Content<ProductAttributes> products() {
    return read(SegmentKind.PRODUCTS);
  }

  private <T> Content<T> read(SegmentKind<T> kind) {
    return database.inTransaction(
        connection -> {
          execute(connection, ONE_MOMENT);
          long version = version(connection, kind);
          SegmentTable.Builder<T> builder = new SegmentTable.Builder<>(kind.unknown());
          try (Statement select = connection.createStatement()) {
            select.setFetchSize(FETCH_ROWS);
            try (ResultSet rows =
                select.executeQuery("SELECT " + kind.list() + " FROM " + kind.table())) {
              while (rows.next()) {
                builder.add(rows.getLong(1), kind.fromRow().of(rows));
              }
            }
          }
          return new Content<>(version, builder.build());
        });
  }

  private static long version(Connection connection, SegmentKind<?> kind) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(VERSION)) {
      select.setString(1, kind.word());
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static <T> SegmentChange replace(
      Connection connection, SegmentKind<T> kind, SegmentTable<T> table) throws SQLException {
    // The names are constants of ours; the values go by COPY.
    execute(
        connection,
        "CREATE TEMPORARY TABLE new_segment (LIKE %s) ON COMMIT DROP".formatted(kind.table()));
    copy(connection, kind, table);
    execute(connection, "ANALYZE new_segment");
    long removed =
        execute(
            connection,
            "DELETE FROM %1$s t WHERE NOT EXISTS (SELECT FROM new_segment n WHERE n.%2$s = t.%2$s)"
                .formatted(kind.table(), kind.id()));
    long changed =
        execute(
            connection,
            ("INSERT INTO %1$s AS t (%2$s) SELECT %2$s FROM new_segment n"
                    + " WHERE NOT EXISTS (SELECT FROM %1$s o WHERE o.%3$s = n.%3$s"
                    + " AND (%4$s) IS NOT DISTINCT FROM (%5$s))"
                    // Into the index from left to right; they come in the order of a hash table.
                    + " ORDER BY n.%3$s"
                    + " ON CONFLICT (%3$s) DO UPDATE SET %6$s")
                .formatted(
                    kind.table(),
                    kind.list(),
                    kind.id(),
                    columns(kind, "o.%1$s"),
                    columns(kind, "n.%1$s"),
                    columns(kind, "%1$s = EXCLUDED.%1$s")));
    execute(connection, "DROP TABLE new_segment");
    if (removed + changed > 0) {
      try (PreparedStatement next = connection.prepareStatement(NEXT_VERSION)) {
        next.setString(1, kind.word());
        next.executeUpdate();
      }
    }
    return new SegmentChange(table.size(), changed, removed);
  }

  private static String columns(SegmentKind<?> kind, String each) {
    return kind.columns().stream().map(each::formatted).collect(Collectors.joining(", "));
  }

  private static <T> void copy(Connection connection, SegmentKind<T> kind, SegmentTable<T> table)
      throws SQLException {
    String statement = "COPY new_segment (%s) FROM STDIN (FORMAT binary)".formatted(kind.list());
    try (CopyTexts rows = new CopyTexts(connection, statement)) {
      for (SegmentTable.Cursor<T> cursor = table.cursor(); cursor.next(); ) {
        rows.add(cursor.id(), kind.toTexts().of(cursor.attributes()));
      }
      rows.end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
      return Math.max(0, statement.getLargeUpdateCount());
    }
  }
}
