package io.shelfcast.local.cluster;

import io.shelfcast.domain.Micros;
import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.local.cluster.RequestLoad.Asked;
import io.shelfcast.local.cluster.RequestLoad.Item;
import io.shelfcast.local.cluster.RequestLoad.Place;
import io.shelfcast.quality.RefreshRequestText;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What has become of the requests, read from the database and held against what was sent.
 *
 * @param lost what was asked for and has neither its score nor a dead letter
 * @param unasked what is in the tables and nobody has sent
 * @param scores how many there are
 * @param requestDeadLetters of malformed records
 * @param itemDeadLetters of items that got no score
 * @param scoredMore scores written beyond one for each time that the item was asked for
 * @param deadLettersMore how often dead letters were seen beyond the first time
 */
record Outcome(
    List<String> lost,
    List<String> unasked,
    int scores,
    int requestDeadLetters,
    int itemDeadLetters,
    long scoredMore,
    long deadLettersMore) {

  /** Counts writes of scores: a row alone does not tell how often it was written. */
  static final List<String> AUDIT =
      List.of(
          """
          CREATE TABLE score_written (
            model_version_id smallint NOT NULL, store_id bigint NOT NULL, product_id bigint NOT NULL)
          """,
          """
          CREATE FUNCTION log_score_written() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN
            INSERT INTO score_written VALUES (NEW.model_version_id, NEW.store_id, NEW.product_id);
            RETURN NULL;
          END $$
          """,
          """
          CREATE TRIGGER score_written AFTER INSERT OR UPDATE ON availability_score
          FOR EACH ROW EXECUTE FUNCTION log_score_written()
          """);

  private static final String SCORES =
      """
      SELECT s.store_id, s.product_id, m.name, s.scored_at, w.times
      FROM availability_score s
      JOIN model_version m USING (model_version_id)
      JOIN (SELECT model_version_id, store_id, product_id, count(*) AS times
            FROM score_written GROUP BY 1, 2, 3) w
        USING (model_version_id, store_id, product_id)""";

  private static final String DEAD_LETTERS =
      "SELECT source, position, payload, attempts, kind FROM dead_letter";

  private record Scored(Item item, String modelVersion) {}

  /**
   * Reads it.
   *
   * @param versions the model versions that score each item
   * @param interval how old a score may be at a request, and still do for it
   * @param longest for how long requests had to wait at the most. An item that is asked for again
   *     after a failure may have been read again, found to be scored before the failure, and
   *     remembered as passed from then on: its score is older by so much
   */
  static Outcome read(
      Connection connection,
      RequestLoad load,
      List<String> versions,
      Duration interval,
      Duration longest)
      throws SQLException {
    List<String> lost = new ArrayList<>();
    List<String> unasked = new ArrayList<>();
    Map<Scored, Long> scoredAt = new HashMap<>();
    Set<Place> malformed = new HashSet<>();
    Set<Scored> notScored = new HashSet<>();
    long scoredMore = 0;
    long deadLettersMore = 0;
    try (Statement statement = connection.createStatement()) {
      ResultSet row = statement.executeQuery(SCORES);
      while (row.next()) {
        Item item = new Item(row.getLong(1), row.getLong(2));
        Asked asked = load.asked().get(item);
        if (asked != null) {
          scoredMore += Math.max(0, row.getLong(5) - asked.times());
        } else if (!load.perhaps().contains(item)) {
          unasked.add("score of " + item);
        }
        scoredAt.put(
            new Scored(item, row.getString(3)),
            Micros.of(row.getObject(4, OffsetDateTime.class).toInstant()));
      }
      row = statement.executeQuery(DEAD_LETTERS);
      while (row.next()) {
        deadLettersMore += row.getLong(4) - 1;
        Place place = new Place(row.getString(1), row.getLong(2));
        RefreshRequestText text = new RefreshRequestText(1);
        if (load.malformed().contains(place)) {
          malformed.add(place);
        } else if (text.read(row.getString(3)) == null) {
          RefreshRequest one = text.request();
          notScored.add(new Scored(new Item(one.storeId(), one.productId(0)), one.modelVersion()));
        } else if (load.unacknowledged() == 0) {
          unasked.add("dead letter of " + place);
        }
        if (!row.getString(5).equals("refresh_request")) {
          unasked.add("dead letter of kind " + row.getString(5));
        }
      }
    }
    load.malformed().stream()
        .filter(place -> !malformed.contains(place))
        .forEach(place -> lost.add("malformed record " + place));
    load.asked()
        .forEach(
            (item, asked) -> {
              Duration age = asked.times() == 1 ? interval : interval.plus(longest);
              long oldest = asked.atMicros() - age.toMillis() * 1000;
              for (String version : versions) {
                Scored scored = new Scored(item, version);
                if (scoredAt.getOrDefault(scored, Long.MIN_VALUE) < oldest
                    && !notScored.contains(scored)) {
                  lost.add(scored + " asked for " + asked + ", scored " + scoredAt.get(scored));
                }
              }
            });
    return new Outcome(
        lost,
        unasked,
        scoredAt.size(),
        malformed.size(),
        notScored.size(),
        scoredMore,
        deadLettersMore);
  }
}
