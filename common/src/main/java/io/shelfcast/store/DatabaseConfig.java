package io.shelfcast.store;

import java.io.Serializable;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How to reach the serving database. Holds no secret, so it can travel with the job.
 *
 * @param jdbcUrl {@code jdbc:postgresql://…}, without a password
 * @param user the role to log in as; null: as the URL or the driver says
 * @param password where its password is; null: none
 * @param maxConnections the greatest number of connections of one JVM
 * @param statementTimeout how long one statement may take
 */
public record DatabaseConfig(
    String jdbcUrl,
    @Nullable String user,
    @Nullable SecretRef password,
    int maxConnections,
    Duration statementTimeout)
    implements Serializable {

  public DatabaseConfig {
    if (jdbcUrl.matches("[^?]*//[^/?]*@.*")
        || jdbcUrl.toLowerCase(Locale.ROOT).matches(".*[?&](ssl)?password=.*")) {
      throw new IllegalArgumentException(
          "the database URL holds a user or a password, which every log would show: give them as"
              + " --jdbcUser=NAME and by reference, as in --jdbcPassword=env:PGPASSWORD");
    }
    if (!jdbcUrl.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException(
          "the URL of the serving database starts with jdbc:postgresql://, not '"
              + jdbcUrl.replaceAll("[?].*", "")
              + "'");
    }
    if (maxConnections < 1) {
      throw new IllegalArgumentException(
          "maxConnections is " + maxConnections + "; it has to be at least 1");
    }
    if (statementTimeout.toMillis() < 1) {
      throw new IllegalArgumentException(
          "statementTimeout is " + statementTimeout + "; it has to be positive");
    }
  }
}
