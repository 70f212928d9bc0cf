package io.shelfcast.snowflake.emulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** ALTER SESSION, USE and SHOW PARAMETERS. */
final class SessionStatements {

  static final String SMALLEST_TYPES = "ENABLE_UNLOAD_PHYSICAL_TYPE_OPTIMIZATION";
  static final String TIMEOUT = "STATEMENT_TIMEOUT_IN_SECONDS";

  /** The parameters that are known, as they are at first. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "AUTOCOMMIT",
          "true",
          "CLIENT_SESSION_KEEP_ALIVE",
          "false",
          "CLIENT_TELEMETRY_ENABLED",
          "false",
          "JDBC_QUERY_RESULT_FORMAT",
          "JSON",
          "QUERY_TAG",
          "",
          "TIMEZONE",
          "Etc/UTC",
          TIMEOUT,
          "172800",
          SMALLEST_TYPES,
          "true");

  private static final Set<String> UTC = Set.of("UTC", "Etc/UTC");

  private SessionStatements() {}

  /** The first parameters of a session; what a login asks for and is not known is passed over. */
  static void begin(Session session, Map<String, String> asked) {
    session.parameters().putAll(DEFAULTS);
    asked.forEach(
        (name, value) -> {
          if (DEFAULTS.containsKey(name.toUpperCase(Locale.ROOT))) {
            set(session, name.toUpperCase(Locale.ROOT), value);
          }
        });
  }

  static ObjectNode execute(Session session, SqlReader reader) {
    if (reader.take("SHOW")) {
      return show(session, reader);
    }
    if (reader.take("USE")) {
      String what = reader.next().text();
      List<String> name = reader.name();
      session.use(what, name.get(name.size() - 1));
      return done(session, Answers.USE);
    }
    reader.expect("ALTER");
    reader.expect("SESSION");
    if (reader.take("UNSET")) {
      String name = reader.next().text();
      set(session, name, DEFAULTS.getOrDefault(name, ""));
      return done(session, Answers.ALTER_SESSION);
    }
    reader.expect("SET");
    while (!reader.done()) {
      String name = reader.next().text();
      reader.expect("=");
      set(session, name, reader.next().text());
      boolean unused = reader.take(",");
    }
    return done(session, Answers.ALTER_SESSION);
  }

  private static void set(Session session, String name, String value) {
    if (!DEFAULTS.containsKey(name)) {
      throw new SqlFailure(
          "001003",
          "42000",
          "SQL compilation error:\ninvalid property '%s' for 'SESSION'".formatted(name));
    }
    if (name.equals("TIMEZONE") && !UTC.contains(value)) {
      throw SqlFailure.unsupported("TIMEZONE other than UTC");
    }
    // The driver reads flags in small letters only.
    boolean flag = value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
    session.parameters().put(name, flag ? value.toLowerCase(Locale.ROOT) : value);
  }

  private static ObjectNode show(Session session, SqlReader reader) {
    reader.expect("PARAMETERS");
    String like = reader.take("LIKE") ? reader.string() : "%";
    if (reader.take("IN")) {
      reader.expect("SESSION");
    }
    if (!reader.done()) {
      throw SqlReader.unexpected(reader.next());
    }
    String pattern = like.toUpperCase(Locale.ROOT).replace("%", ".*");
    List<List<@Nullable String>> rows =
        new TreeMap<>(session.parameters())
            .entrySet().stream()
                .filter(entry -> entry.getKey().matches(pattern))
                .map(entry -> row(entry.getKey(), entry.getValue()))
                .toList();
    List<Column> columns =
        List.of(
            Column.text("key"), Column.text("value"), Column.text("default"), Column.text("level"));
    return Answers.result(Answers.SHOW, columns, rows, session);
  }

  private static List<@Nullable String> row(String name, String value) {
    String first = DEFAULTS.getOrDefault(name, "");
    return List.of(name, value, first, value.equals(first) ? "" : "SESSION");
  }

  private static ObjectNode done(Session session, int type) {
    return Answers.result(
        type,
        List.of(Column.text("status")),
        List.of(List.of("Statement executed successfully.")),
        session);
  }
}
