package io.shelfcast.snowflake.emulator;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The sessions that are open, by their tokens. */
final class Sessions {

  private record Tokens(String session, String master) {}

  private final Map<String, Session> bySession = new ConcurrentHashMap<>();
  private final Map<String, Session> byMaster = new ConcurrentHashMap<>();
  private final Map<String, Session> expired = new ConcurrentHashMap<>();

  /** The tokens of a new session: the one to ask with, and the one to renew it by. */
  String[] open(Session session) {
    Tokens tokens = new Tokens(token("session"), token("master"));
    bySession.put(tokens.session, session);
    byMaster.put(tokens.master, session);
    return new String[] {tokens.session, tokens.master};
  }

  /** The session that a request belongs to. */
  Session of(String token) {
    @Nullable Session session = bySession.get(token);
    if (session != null) {
      return session;
    }
    throw expired.containsKey(token)
        ? new SqlFailure("390112", "08001", "Your session has expired. Please login again.")
        : gone();
  }

  /** A new token for a session whose own has expired. */
  String renew(String masterToken) {
    @Nullable Session session = byMaster.get(masterToken);
    if (session == null) {
      throw gone();
    }
    String token = token("session");
    bySession.put(token, session);
    return token;
  }

  void close(String token) {
    @Nullable Session session = bySession.remove(token);
    byMaster.values().removeIf(other -> other == session);
  }

  /** The tokens there are no longer hold, but can be renewed. */
  void expire() {
    expired.putAll(bySession);
    bySession.clear();
  }

  /** As if a long time had passed: only a new login helps. */
  void forget() {
    bySession.clear();
    byMaster.clear();
  }

  int size() {
    return bySession.size();
  }

  private static SqlFailure gone() {
    return new SqlFailure(
        "390104", "08001", "Session no longer exists.  New login required to access the service.");
  }

  private static String token(String kind) {
    return kind + "-" + UUID.randomUUID();
  }
}
