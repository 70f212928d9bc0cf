package io.shelfcast.snowflake.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.interfaces.RSAPublicKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Who may log in, and by what. */
final class Users {

  private static final class Credentials {
    private volatile @Nullable String password;
    private volatile @Nullable String oauthToken;
    private final List<RSAPublicKey> keys = new CopyOnWriteArrayList<>();
  }

  private final Map<String, Credentials> users = new ConcurrentHashMap<>();
  private final String account;
  private final InstantSource clock;

  Users(String account, InstantSource clock) {
    this.account = account;
    this.clock = clock;
  }

  void password(String user, String password) {
    of(user).password = password;
  }

  void oauthToken(String user, String token) {
    of(user).oauthToken = token;
  }

  void publicKey(String user, RSAPublicKey key) {
    of(user).keys.add(key);
  }

  private Credentials of(String user) {
    return users.computeIfAbsent(user.toUpperCase(Locale.ROOT), name -> new Credentials());
  }

  /** The user that a login request proves to be. */
  String authenticate(JsonNode login) {
    String user = user(login);
    Credentials known = users.getOrDefault(user, new Credentials());
    switch (authenticator(login)) {
      case "SNOWFLAKE_JWT" ->
          new KeyPairToken(account, user, known.keys).verify(login.path("TOKEN").asText(), clock);
      case "OAUTH" -> {
        if (!same(known.oauthToken, login.path("TOKEN").asText())) {
          throw new SqlFailure("390303", "08004", "Invalid OAuth access token.");
        }
      }
      case "SNOWFLAKE" -> {
        if (!same(known.password, login.path("PASSWORD").asText())) {
          throw wrongPassword();
        }
      }
      default ->
          throw new SqlFailure(
              "390137", "08001", "Unsupported authenticator " + authenticator(login));
    }
    if (!login.path("ACCOUNT_NAME").asText().equalsIgnoreCase(account)) {
      throw wrongPassword();
    }
    return user;
  }

  /** A token is enough to tell whose it is. */
  private String user(JsonNode login) {
    String name = login.path("LOGIN_NAME").asText().toUpperCase(Locale.ROOT);
    if (!name.isEmpty() || !authenticator(login).equals("OAUTH")) {
      return name;
    }
    return users.entrySet().stream()
        .filter(user -> same(user.getValue().oauthToken, login.path("TOKEN").asText()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }

  static String authenticator(JsonNode login) {
    return login.path("AUTHENTICATOR").asText("SNOWFLAKE").toUpperCase(Locale.ROOT);
  }

  private static SqlFailure wrongPassword() {
    return new SqlFailure("390100", "08001", "Incorrect username or password was specified.");
  }

  private static boolean same(@Nullable String known, String given) {
    return known != null
        && MessageDigest.isEqual(
            known.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }
}
