package io.shelfcast.local.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** The database that a server offers to commands, and the user they connect as. */
record ServerDatabase(String user, String name) {
  // Made of letters only, because CREATE DATABASE takes no parameters.
  ServerDatabase {
    if (!name.matches("[a-z]+")) {
      throw new IllegalArgumentException("not a plain database name: " + name);
    }
  }

  static String jdbcUrl(int port, String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /**
   * Whether the server on this port takes connections to the database, which is made if there is
   * none. To be called by one at a time.
   *
   * @throws SQLException if the server answers, but with something else than "not yet"
   */
  boolean answersAt(int port) throws SQLException {
    try {
      connect(port, name).close();
      return true;
    } catch (SQLException e) {
      return switch (String.valueOf(e.getSQLState())) {
        case "3D000" -> { // invalid_catalog_name
          create(port);
          yield true;
        }
        // It is stopping, starting or recovering; nobody listens; it left while we connected.
        case "57P01", "57P03", "08001", "08006" -> false;
        default -> throw e;
      };
    }
  }

  private void create(int port) throws SQLException {
    try (Connection connection = connect(port, "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
  }

  private Connection connect(int port, String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "60");
    return DriverManager.getConnection(jdbcUrl(port, database), properties);
  }
}
