package io.shelfcast.store;

import io.shelfcast.domain.InputKind;
import io.shelfcast.domain.RejectedRow;
import io.shelfcast.domain.ScoreBatch;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The inputs that could not be applied. The same row read again is the same dead letter, seen once
 * more: a bad file that comes back every few hours does not fill the table.
 */
public final class DeadLetters {

  /** In the order of the fingerprints, so that two runs over one bad file cannot deadlock. */
  private static final String WRITE =
      """
      INSERT INTO dead_letter AS d
        (fingerprint, kind, run_id, source, position, payload, reason, detail)
      SELECT DISTINCT ON (fingerprint)
        fingerprint, kind, ?, source, position, payload, reason, detail
      FROM unnest(
          ?::uuid[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[])
        AS r (fingerprint, kind, source, position, payload, reason, detail)
      ORDER BY fingerprint
      ON CONFLICT (fingerprint) DO UPDATE SET
        run_id = excluded.run_id, reason = excluded.reason, detail = excluded.detail,
        last_seen = now(), attempts = d.attempts + 1,
        state = CASE d.state WHEN 'replayed' THEN 'open' ELSE d.state END""";

  private static final String REJECT_AGAIN =
      """
      UPDATE dead_letter d SET
        run_id = ?, reason = r.reason, detail = r.detail,
        last_seen = now(), attempts = attempts + 1
      FROM unnest(?::bigint[], ?::text[], ?::text[]) AS r (id, reason, detail)
      WHERE d.dead_letter_id = r.id AND d.state = 'open'""";

  private static final String CLOSE =
      """
      UPDATE dead_letter SET state = 'replayed', last_seen = now(), attempts = attempts + 1
      WHERE dead_letter_id = ANY (?) AND state = 'open'""";

  private static final String COLUMNS =
      "SELECT dead_letter_id, kind, run_id, source, position, payload, reason, detail, first_seen,"
          + " last_seen, attempts, state FROM dead_letter ";

  private static final String OPEN_AFTER =
      COLUMNS
          + "WHERE state = 'open' AND kind = ? AND dead_letter_id > ? AND dead_letter_id <= ?"
          + " AND (?::text IS NULL OR reason = ?) ORDER BY dead_letter_id LIMIT ?";

  private static final String LIST =
      COLUMNS
          + "WHERE state = ? AND (?::text IS NULL OR reason = ?)"
          + " ORDER BY dead_letter_id LIMIT ?";

  private static final String GET = COLUMNS + "WHERE dead_letter_id = ?";

  private static final String GREATEST_ID =
      "SELECT coalesce(max(dead_letter_id), 0) FROM dead_letter";

  private static final String DISCARD =
      "UPDATE dead_letter SET state = 'discarded', last_seen = now()"
          + " WHERE state = 'open' AND (dead_letter_id = ANY (?) OR reason = ?)";

  private static final String COUNT_OPEN =
      "SELECT count(*) FROM dead_letter WHERE state = 'open' AND kind = ?"
          + " AND (?::text IS NULL OR reason = ?)";

  private static final String COUNT_BY_REASON =
      "SELECT reason, count(*) FROM dead_letter WHERE run_id = ? GROUP BY reason"
          + " ORDER BY count(*) DESC, reason";

  private final Database database;

  public DeadLetters(Database database) {
    this.database = database;
  }

  /**
   * A page of open dead letters of one kind, by rising id.
   *
   * @param after the id after which the page starts
   * @param upTo the greatest id of interest
   * @param reason only those with this reason; null: all
   * @param limit the greatest size of the page
   */
  public List<DeadLetter> open(
      InputKind kind, long after, long upTo, @Nullable String reason, int limit) {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(OPEN_AFTER)) {
            select.setString(1, kind.word());
            select.setLong(2, after);
            select.setLong(3, upTo);
            select.setString(4, reason);
            select.setString(5, reason);
            select.setInt(6, limit);
            return deadLetters(select);
          }
        });
  }

  /** The greatest id there is; 0 when there is none. */
  public long greatestId() {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(GREATEST_ID);
              ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
          }
        });
  }

  /** Dead letters in a state, the oldest first; null as reason: all of them. */
  public List<DeadLetter> list(DeadLetterState state, @Nullable String reason, int limit) {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(LIST)) {
            select.setString(1, state.word());
            select.setString(2, reason);
            select.setString(3, reason);
            select.setInt(4, limit);
            return deadLetters(select);
          }
        });
  }

  /** The dead letter of that id, if there is one. */
  public Optional<DeadLetter> find(long id) {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(GET)) {
            select.setLong(1, id);
            return deadLetters(select).stream().findFirst();
          }
        });
  }

  /**
   * Gives up open dead letters: those with one of the ids, and those with the reason.
   *
   * @return how many
   */
  public int discard(List<Long> ids, @Nullable String reason) {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(DISCARD)) {
            update.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            update.setString(2, reason);
            return update.executeUpdate();
          }
        });
  }

  /** How many open dead letters there are of a kind; null as reason: with any. */
  public long countOpen(InputKind kind, @Nullable String reason) {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(COUNT_OPEN)) {
            select.setString(1, kind.word());
            select.setString(2, reason);
            select.setString(3, reason);
            try (ResultSet row = select.executeQuery()) {
              row.next();
              return row.getLong(1);
            }
          }
        });
  }

  /**
   * Puts letters of parts of it in the place of a letter, which is closed as replayed, in one
   * transaction: so that each part can be applied, or rejected again, by itself.
   */
  public void split(String runId, DeadLetter letter, List<RejectedRow> parts) {
    database.inTransaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(CLOSE)) {
            update.setArray(1, connection.createArrayOf("bigint", new Object[] {letter.id()}));
            update.executeUpdate();
          }
          write(connection, runId, parts);
          return parts.size();
        });
  }

  /** How many dead letters a run was the last to see, by reason, the most frequent first. */
  public Map<String, Long> countByReason(String runId) {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(COUNT_BY_REASON)) {
            select.setString(1, runId);
            try (ResultSet row = select.executeQuery()) {
              Map<String, Long> counts = new LinkedHashMap<>();
              while (row.next()) {
                counts.put(row.getString(1), row.getLong(2));
              }
              return counts;
            }
          }
        });
  }

  void write(Connection connection, String runId, List<RejectedRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement insert = connection.prepareStatement(WRITE)) {
      insert.setString(1, runId);
      insert.setArray(2, connection.createArrayOf("uuid", column(rows, DeadLetters::fingerprint)));
      insert.setArray(3, connection.createArrayOf("text", column(rows, row -> row.kind().word())));
      insert.setArray(4, connection.createArrayOf("text", column(rows, RejectedRow::source)));
      insert.setArray(5, connection.createArrayOf("bigint", column(rows, RejectedRow::position)));
      insert.setArray(6, connection.createArrayOf("text", column(rows, RejectedRow::payload)));
      insert.setArray(7, connection.createArrayOf("text", column(rows, RejectedRow::reason)));
      insert.setArray(8, connection.createArrayOf("text", column(rows, RejectedRow::detail)));
      insert.executeUpdate();
    }
  }

  /** Of rows that are dead letters: their position is the id. */
  void rejectAgain(Connection connection, String runId, List<RejectedRow> rows)
      throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement update = connection.prepareStatement(REJECT_AGAIN)) {
      update.setString(1, runId);
      update.setArray(2, connection.createArrayOf("bigint", column(rows, RejectedRow::position)));
      update.setArray(3, connection.createArrayOf("text", column(rows, RejectedRow::reason)));
      update.setArray(4, connection.createArrayOf("text", column(rows, RejectedRow::detail)));
      update.executeUpdate();
    }
  }

  /** Closes the dead letters that the rows of the batch were read from, but for some rows. */
  void close(Connection connection, ScoreBatch batch, List<RejectedRow> but) throws SQLException {
    List<Long> ids = new ArrayList<>(batch.size());
    for (int row = 0; row < batch.size(); row++) {
      ids.add(batch.position(row));
    }
    ids.removeAll(but.stream().map(RejectedRow::position).toList());
    try (PreparedStatement update = connection.prepareStatement(CLOSE)) {
      update.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
      update.executeUpdate();
    }
  }

  private static Object[] column(List<RejectedRow> rows, Function<RejectedRow, Object> value) {
    return rows.stream().map(value).toArray();
  }

  private static UUID fingerprint(RejectedRow row) {
    return UUID.nameUUIDFromBytes(
        (row.source() + '\n' + row.position() + '\n' + row.payload())
            .getBytes(StandardCharsets.UTF_8));
  }

  private static List<DeadLetter> deadLetters(PreparedStatement select) throws SQLException {
    try (ResultSet row = select.executeQuery()) {
      List<DeadLetter> found = new ArrayList<>();
      while (row.next()) {
        found.add(
            new DeadLetter(
                row.getLong(1),
                InputKind.ofWord(row.getString(2)),
                row.getString(3),
                row.getString(4),
                row.getLong(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getObject(9, OffsetDateTime.class).toInstant(),
                row.getObject(10, OffsetDateTime.class).toInstant(),
                row.getInt(11),
                DeadLetterState.ofWord(row.getString(12))));
      }
      return found;
    }
  }
}
