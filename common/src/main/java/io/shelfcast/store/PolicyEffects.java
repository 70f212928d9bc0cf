package io.shelfcast.store;

import io.shelfcast.policy.EffectCount;
import io.shelfcast.policy.PolicyEffect;
import io.shelfcast.policy.ThresholdPolicy;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * What a policy would make of the scores that there are, from one pass over them. Nothing of an
 * item leaves the database: it counts items by what the policies can tell of them, and {@link
 * EffectCount} knows what that means to them, so no rule is written down a second time in SQL.
 */
public final class PolicyEffects {

  /**
   * With the default of 4 MB a join with ten million products would write the scores to disk. Of
   * this each of a few processes may take twice as much for each of the three joins.
   */
  private static final String WORK_MEM = "SET LOCAL work_mem = '96MB'";

  private final Database database;

  public PolicyEffects(Database database) {
    this.database = database;
  }

  /**
   * What becomes of the decisions on the scores of all model versions that are not retired, when
   * one policy comes after another. Neither readers nor writers are held up; a snapshot is swapped
   * in when this has ended, or its patience has.
   *
   * @param timeout for each statement, of which only one takes long
   * @throws IllegalStateException when it takes longer, or when the policies tell too many kinds of
   *     items apart
   */
  public PolicyEffect between(ThresholdPolicy now, ThresholdPolicy after, Duration timeout) {
    return database.onOwnConnection(
        connection -> {
          try (Statement settings = connection.createStatement()) {
            settings.execute("SET LOCAL statement_timeout = " + timeout.toMillis());
            settings.execute(WORK_MEM);
          }
          // Each statement sees what is there when it begins: a partition that was swapped in since
          // the first would be empty to a later one that looked back.
          try {
            return new EffectPass(connection, now, after).effect();
          } catch (SQLException e) {
            if ("57014".equals(e.getSQLState())) {
              // Not to be tried again, as other statements are.
              throw new IllegalStateException(
                  ("counting what would change took longer than %s; write a longer"
                          + " --effectTimeout, or publish uncounted, with --force"
                          + " --effectTimeout=PT0S")
                      .formatted(timeout),
                  e);
            }
            throw e;
          }
        });
  }
}
