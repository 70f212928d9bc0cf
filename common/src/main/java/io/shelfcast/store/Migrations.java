package io.shelfcast.store;

import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;

/** Brings the schema of the serving database up to what this code expects. */
public final class Migrations {

  private Migrations() {}

  /**
   * Applies what is missing; nothing if the schema is as it should be. Programs that do this at the
   * same time wait for each other.
   *
   * @return the number of migrations applied
   * @throws DatabaseException when the user may not do it, or the schema is not ours
   */
  public static int migrate(DatabaseConfig config) {
    String password = config.password() == null ? null : config.password().resolve();
    try {
      MigrateResult result =
          Flyway.configure()
              .dataSource(config.jdbcUrl(), config.user(), password)
              .locations("classpath:db/migration")
              .load()
              .migrate();
      return result.migrationsExecuted;
    } catch (FlywayException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof SQLException sql) {
          throw DatabaseException.of(sql, config);
        }
      }
      throw new DatabaseException(
          "cannot bring the database schema up to date: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          e);
    }
  }
}
