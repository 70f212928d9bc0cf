package io.shelfcast.snowflake.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Logins: who is let in, with which session, and what was tried. */
final class Logins {

  private final Settings settings;
  private final Users users;
  private final Sessions sessions;
  private final AtomicLong ids = new AtomicLong(1);
  private final Queue<Login> seen = new ConcurrentLinkedQueue<>();

  Logins(Settings settings, Users users, Sessions sessions) {
    this.settings = settings;
    this.users = users;
    this.sessions = sessions;
  }

  List<Login> seen() {
    return List.copyOf(seen);
  }

  ObjectNode login(Map<String, String> query, JsonNode request) {
    String name = request.path("LOGIN_NAME").asText().toUpperCase(Locale.ROOT);
    String authenticator = Users.authenticator(request);
    try {
      ObjectNode answer = open(users.authenticate(request), query, request);
      seen.add(new Login(name, authenticator, null));
      return answer;
    } catch (SqlFailure e) {
      seen.add(new Login(name, authenticator, e.code()));
      throw e;
    }
  }

  private ObjectNode open(String user, Map<String, String> query, JsonNode request) {
    String role = query.getOrDefault("roleName", settings.role()).toUpperCase(Locale.ROOT);
    if (!role.equals(settings.role())) {
      throw new SqlFailure(
          "390189",
          "08001",
          "Role '%s' specified in the connect string does not exist or not authorized. "
                  .formatted(role)
              + "Contact your local system administrator, or attempt to login with another role.");
    }
    Session session =
        new Session(
            user,
            upper(query.get("databaseName")),
            upper(query.getOrDefault("schemaName", "PUBLIC")),
            // As if it were the user's own.
            query.getOrDefault("warehouse", settings.warehouse()).toUpperCase(Locale.ROOT),
            role);
    Map<String, String> asked = new HashMap<>();
    request
        .path("SESSION_PARAMETERS")
        .properties()
        .forEach(e -> asked.put(e.getKey(), e.getValue().asText()));
    SessionStatements.begin(session, asked);
    String[] tokens = sessions.open(session);
    ObjectNode answer =
        Answers.JSON
            .createObjectNode()
            .put("token", tokens[0])
            .put("masterToken", tokens[1])
            .put("validityInSeconds", 3600)
            .put("masterValidityInSeconds", 14_400)
            .put("displayUserName", user)
            .put("serverVersion", "9.0.0")
            .put("firstLogin", false)
            .put("healthCheckInterval", 45)
            .put("sessionId", ids.getAndIncrement());
    Answers.parameters(answer, session.parameters());
    answer
        .putObject("sessionInfo")
        .put("databaseName", session.database())
        .put("schemaName", session.schema())
        .put("warehouseName", session.warehouse())
        .put("roleName", session.role());
    return answer;
  }

  private static @Nullable String upper(@Nullable String name) {
    return name == null ? null : name.toUpperCase(Locale.ROOT);
  }
}
