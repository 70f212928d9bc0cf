package io.shelfcast.store;

import static io.shelfcast.store.Scores.row;
import static io.shelfcast.store.Scores.tagged;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.ModelVersion;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ModelRegistryTest {

  private final TestDatabase test = TestDatabase.create();
  private final ModelRegistry registry = new ModelRegistry(test.database());

  @Test
  void anUnknownVersionIsRegisteredAsShadowAndFoundTheNextTime() {
    ModelVersion first = registry.findOrRegister("a");
    assertEquals(ModelStatus.SHADOW, first.status());
    assertEquals(first, registry.findOrRegister("a"));
    assertEquals(List.of(first), registry.list());
  }

  @Test
  void manyThatRegisterOneVersionAtOnceGetTheSameOne() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<ModelVersion>> found = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        found.add(threads.submit(() -> registry.findOrRegister("a")));
      }
      for (Future<ModelVersion> version : found) {
        assertEquals(1, version.get().id());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void registeringAVersionWaitsForNoReaderAndNoWriterOfTheOthers() throws Exception {
    short model = registry.findOrRegister("a").id();
    new ScoreStore(test.database())
        .apply(Runs.start(test.database()), Origin.FULL_SYNC, tagged(model, row(1, 1, 0.5, 1)));
    try (Connection other = test.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.executeQuery("SELECT * FROM current_score");
      statement.executeUpdate("UPDATE availability_score SET score = 0.6");
      // The other's transaction stays open all the while: it would have to be waited for.
      assertEquals(2, registry.findOrRegister("b").id());
      other.commit();
    }
    assertEquals(List.of("1|0.6"), test.query("SELECT store_id, score FROM current_score"));
  }

  @Test
  void promotingMakesTheFormerLiveVersionACandidate() {
    registry.register("a", ModelStatus.SHADOW);
    registry.register("b", ModelStatus.CANDIDATE);
    registry.promote("a");
    registry.promote("b");
    assertEquals(
        List.of("a|candidate", "b|live"),
        test.query("SELECT name, status FROM model_version ORDER BY name"));
  }

  @Test
  void aShadowIsMadeACandidateAndACandidateNotAShadow() {
    registry.findOrRegister("a");
    assertThrows(IllegalStateException.class, () -> registry.register("a", ModelStatus.SHADOW));
    assertEquals(ModelStatus.CANDIDATE, registry.register("a", ModelStatus.CANDIDATE).status());
    assertThrows(IllegalStateException.class, () -> registry.register("a", ModelStatus.SHADOW));
    assertEquals(ModelStatus.CANDIDATE, registry.get("a").status());
  }

  @Test
  void theDatabaseItselfRefusesASecondLiveVersion() {
    registry.register("a", ModelStatus.SHADOW);
    registry.register("b", ModelStatus.SHADOW);
    registry.promote("a");
    IllegalStateException refused =
        assertThrows(
            IllegalStateException.class,
            () -> test.execute("UPDATE model_version SET status = 'live' WHERE name = 'b'"));
    assertTrue(
        String.valueOf(refused.getCause()).contains("model_version_live"),
        String.valueOf(refused.getCause()));
  }

  @Test
  void theLiveVersionCannotBeRetiredAndARetiredOneNotPromoted() {
    registry.register("a", ModelStatus.SHADOW);
    registry.register("b", ModelStatus.SHADOW);
    registry.promote("a");
    assertThrows(IllegalStateException.class, () -> registry.retire("a", Duration.ZERO));
    registry.retire("b", Duration.ZERO);
    assertThrows(IllegalStateException.class, () -> registry.promote("b"));
    assertEquals(ModelStatus.RETIRED, registry.findOrRegister("b").status());
    assertEquals(ModelStatus.SHADOW, registry.register("b", ModelStatus.SHADOW).status());
  }

  @Test
  void aVersionThatIsNotRegisteredIsNamedInTheError() {
    IllegalStateException error =
        assertThrows(IllegalStateException.class, () -> registry.promote("nope"));
    assertTrue(error.getMessage().contains("'nope' is not registered"), error.getMessage());
  }
}
