package io.shelfcast.local;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.matchesPattern;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.shelfcast.local.kafka.LocalKafka;
import io.shelfcast.local.postgres.LocalPostgres;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code refresh} as a user has it, all parts embedded: stopped, and killed. */
class RefreshCommandTest {

  private static final int KILLED = 128 + 9;
  private static final int TOLD_TO_END = 128 + 15;

  @TempDir private static Path home;

  @BeforeAll
  static void registerAModel() throws Exception {
    Command.Ended ended = Command.run(home, "models", "register", "m1", "--status=candidate");
    assertEquals(0, ended.exitCode(), ended.err());
  }

  @Test
  void aRequestIsAnsweredAndToldToEndItSaysWhatItDid() throws Exception {
    // Sent while nobody reads; it stays.
    Command.Ended request = Command.run(home, "request", "--store=7", "--products=11,12");
    assertEquals(0, request.exitCode(), request.err());
    try (LocalPostgres postgres = LocalPostgres.open(home)) {
      Command refresh = Command.start(home, "refresh");
      refresh.until(() -> count(postgres, "store_id = 7") == 2);

      refresh.signal("TERM");
      Command.Ended ended = refresh.await();
      assertEquals(TOLD_TO_END, ended.exitCode(), ended.err());
      assertThat(
          ended.err(), containsString("reading availability.refresh-requests on 127.0.0.1:"));
      assertThat(
          ended.err(),
          containsString(
              "1 requests in (2 items), 0 suppressed, 2 scored, 2 written, 0 rejected; lag p50"));
      assertThat(
          ended.out().strip(),
          matchesPattern(
              "\\{\"requests\":1,\"items\":2,\"suppressed_repeated\":0,\"suppressed_fresh\":0,"
                  + "\"scored\":2,\"inserted\":2,\"updated\":0,\"kept\":0,\"rejected\":0,"
                  + "\"scoring_calls\":1,\"scoring_retries\":0,\"lag_p50_ms\":\\d+,"
                  + "\"lag_p99_ms\":\\d+,\"seconds\":[\\d.]+}"));
    }
  }

  @Test
  void afterAKillTheNextOneGoesOnAndNothingIsLost() throws Exception {
    int stores = 1000;
    try (LocalPostgres postgres = LocalPostgres.open(home);
        LocalKafka kafka = LocalKafka.open(home);
        RequestSender requests = new RequestSender(kafka.bootstrapServers())) {
      Command refresh = Command.start(home, "refresh", "--maxBatchWait=PT0.5S");
      for (int round = 0; round < 2; round++) {
        long first = round * 3L;
        for (int store = 0; store < stores; store++) {
          requests.send(100_000 + store, first, first + 1, first + 2);
        }
        requests.flush();
        int before = round * stores * 3;
        refresh.until(() -> count(postgres, "store_id >= 100000") > before && hasCheckpoint());
        refresh.signal("KILL");
        assertEquals(KILLED, refresh.await().exitCode());
        refresh = Command.start(home, "refresh", "--maxBatchWait=PT0.5S");
      }
      refresh.until(() -> count(postgres, "store_id >= 100000") == stores * 6);
      refresh.signal("TERM");
      assertThat(
          refresh.await().err(),
          containsString("goes on from the checkpoint of one that was killed"));
    }
  }

  private static boolean hasCheckpoint() throws Exception {
    try (Stream<Path> found = Files.find(home.resolve("flink"), 4, (path, is) -> true)) {
      return found.anyMatch(path -> path.endsWith("_metadata"));
    } catch (UncheckedIOException e) {
      // Flink removes an older one meanwhile.
      return false;
    }
  }

  private static int count(LocalPostgres postgres, String where) throws Exception {
    try (Connection connection =
            DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), null);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT count(*) FROM current_score WHERE " + where)) {
      row.next();
      return row.getInt(1);
    }
  }
}
