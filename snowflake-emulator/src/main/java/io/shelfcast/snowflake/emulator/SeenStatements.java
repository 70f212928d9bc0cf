package io.shelfcast.snowflake.emulator;

import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The SQL that was asked for, each statement once however often its request was repeated. */
final class SeenStatements {

  private final Set<String> requests = ConcurrentHashMap.newKeySet();
  private final Queue<String> sql = new ConcurrentLinkedQueue<>();

  void add(String requestId, String statement) {
    if (requests.add(requestId)) {
      sql.add(statement);
    }
  }

  List<String> all() {
    return List.copyOf(sql);
  }
}
