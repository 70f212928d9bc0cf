package io.shelfcast.snowflake.emulator;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What a connection has set: where its names are looked up, and its parameters. */
final class Session {

  private final String user;
  private final Map<String, String> parameters = new ConcurrentHashMap<>();
  private volatile @Nullable String database;
  private volatile @Nullable String schema;
  private volatile @Nullable String warehouse;
  private volatile @Nullable String role;

  Session(
      String user,
      @Nullable String database,
      @Nullable String schema,
      @Nullable String warehouse,
      @Nullable String role) {
    this.user = user;
    this.database = database;
    this.schema = schema;
    this.warehouse = warehouse;
    this.role = role;
  }

  String user() {
    return user;
  }

  @Nullable String database() {
    return database;
  }

  @Nullable String schema() {
    return schema;
  }

  @Nullable String warehouse() {
    return warehouse;
  }

  @Nullable String role() {
    return role;
  }

  Map<String, String> parameters() {
    return parameters;
  }

  void use(String what, String name) {
    switch (what) {
      case "DATABASE" -> {
        database = name;
        schema = "PUBLIC";
      }
      case "SCHEMA" -> schema = name;
      case "WAREHOUSE" -> warehouse = name;
      case "ROLE" -> role = name;
      default -> throw SqlFailure.compilation("syntax error: unexpected '%s'.".formatted(what));
    }
  }
}
