package io.shelfcast.run;

import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.SecretRef;
import java.time.Duration;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.DefaultValueFactory;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;
import org.jspecify.annotations.Nullable;

/** How to reach the serving database. */
public interface DatabaseOptions extends PipelineOptions {

  @Description("Serving database, jdbc:postgresql://HOST:PORT/DATABASE, without a password.")
  @Validation.Required
  String getJdbcUrl();

  void setJdbcUrl(String value);

  @Description("Role to log in to the serving database as.")
  @Nullable String getJdbcUser();

  void setJdbcUser(@Nullable String value);

  @Description(
      "Where the password is: env:NAME, file:PATH or projects/P/secrets/S/versions/V."
          + " Resolved on the worker, never stored.")
  @Nullable String getJdbcPassword();

  void setJdbcPassword(@Nullable String value);

  @Description("Greatest number of database connections of one worker.")
  @Default.Integer(4)
  int getMaxConnections();

  void setMaxConnections(int value);

  @Description("Longest time that one SQL statement may take, as ISO 8601.")
  @Default.InstanceFactory(FiveMinutes.class)
  Duration getStatementTimeout();

  void setStatementTimeout(Duration value);

  /**
   * The settings that these options name.
   *
   * @throws IllegalArgumentException saying which option to change
   */
  static DatabaseConfig configOf(DatabaseOptions options) {
    String password = options.getJdbcPassword();
    return new DatabaseConfig(
        options.getJdbcUrl(),
        options.getJdbcUser(),
        password == null ? null : SecretRef.parse(password),
        options.getMaxConnections(),
        options.getStatementTimeout());
  }

  /** PT5M. */
  final class FiveMinutes implements DefaultValueFactory<Duration> {
    @Override
    public Duration create(PipelineOptions options) {
      return Duration.ofMinutes(5);
    }
  }
}
