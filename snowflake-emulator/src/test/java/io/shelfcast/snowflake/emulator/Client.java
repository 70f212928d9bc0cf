package io.shelfcast.snowflake.emulator;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** Snowflake's own driver, with a password that the emulator knows. */
final class Client {

  static final String USER = "SYNC";
  static final String PASSWORD = "correct horse";

  private Client() {}

  static SnowflakeEmulator.Builder emulator() {
    return SnowflakeEmulator.builder().storageIntegration("GCS");
  }

  static Connection connect(SnowflakeEmulator emulator) throws SQLException {
    emulator.userWithPassword(USER, PASSWORD);
    return connect(emulator, "password", PASSWORD);
  }

  /** With these properties beside the user's name, as pairs. */
  static Connection connect(SnowflakeEmulator emulator, String... properties) throws SQLException {
    Properties all = new Properties();
    all.setProperty("user", USER);
    for (int i = 0; i < properties.length; i += 2) {
      all.setProperty(properties[i], properties[i + 1]);
    }
    return DriverManager.getConnection(emulator.jdbcUrl(), all);
  }

  /** A result as text, row by row, columns with bars between. */
  static List<String> rows(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> out = new ArrayList<>();
      while (rows.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          row.add(String.valueOf(rows.getString(i)));
        }
        out.add(String.join("|", row));
      }
      return out;
    }
  }

  static List<String> types(ResultSetMetaData of) throws SQLException {
    List<String> types = new ArrayList<>();
    for (int i = 1; i <= of.getColumnCount(); i++) {
      types.add(of.getColumnName(i) + " " + of.getColumnTypeName(i));
    }
    return types;
  }
}
