package io.shelfcast.store;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;
import org.postgresql.ds.PGSimpleDataSource;

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
    try {
      MigrateResult result =
          Flyway.configure()
              .dataSource(dataSource(config))
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

  /** Not the pool: a migration may take longer than a statement of the pipelines may. */
  private static DataSource dataSource(DatabaseConfig config) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(config.jdbcUrl());
    if (config.user() != null) {
      source.setUser(config.user());
    }
    if (config.password() != null) {
      source.setPassword(config.password().resolve());
    }
    source.setConnectTimeout(10);
    source.setSocketTimeout(600);
    source.setTcpKeepAlive(true);
    return source;
  }
}
