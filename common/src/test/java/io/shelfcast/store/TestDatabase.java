package io.shelfcast.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A fresh, migrated database on a real PostgreSQL, which all tests of a JVM share. */
public final class TestDatabase {

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final DatabaseConfig config;

  private TestDatabase(DatabaseConfig config) {
    this.config = config;
  }

  /** Makes one, with the schema. */
  public static TestDatabase create() {
    TestDatabase database = empty();
    Migrations.migrate(database.config);
    return database;
  }

  /** Makes one without anything in it. */
  public static TestDatabase empty() {
    String name = "test_" + NUMBER.incrementAndGet();
    execute(Server.POSTGRES.getJdbcUrl("postgres", "postgres"), "CREATE DATABASE " + name);
    return new TestDatabase(
        new DatabaseConfig(
            "jdbc:postgresql://127.0.0.1:" + Server.POSTGRES.getPort() + "/" + name,
            "postgres",
            null,
            4,
            Duration.ofMinutes(1)));
  }

  public DatabaseConfig config() {
    return config;
  }

  public Database database() {
    return Database.shared(config);
  }

  /** Runs a statement outside the code under test. */
  public void execute(String sql) {
    execute(config.jdbcUrl() + "?user=postgres", sql);
  }

  /** The rows of a query, each as its values joined by a bar. */
  public List<String> query(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          values.add(rows.getString(i));
        }
        found.add(String.join("|", values));
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** A connection outside the code under test. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(config.jdbcUrl(), "postgres", null);
  }

  private static void execute(String url, String sql) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static final class Server {
    static final EmbeddedPostgres POSTGRES = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            // Each test has a database, and its pool keeps what it opened for some minutes.
            .setServerConfig("max_connections", "600")
            .setServerConfig("deadlock_timeout", "200ms")
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
