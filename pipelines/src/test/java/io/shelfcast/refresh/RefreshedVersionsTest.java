package io.shelfcast.refresh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.ModelVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefreshedVersionsTest {

  private final List<ModelVersion> registry = new ArrayList<>();
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong(-5);
  private final RefreshedVersions versions =
      new RefreshedVersions(
          () -> {
            reads.incrementAndGet();
            return List.copyOf(registry);
          },
          nanos::get);

  @Test
  void aChangeIsSeenWithinTheStatedTimeAndTheRegistryIsNotReadMoreOften() {
    assertEquals(List.of(), versions.of(List.of(ModelStatus.LIVE)));
    registry.add(new ModelVersion((short) 1, "m1", ModelStatus.LIVE));
    registry.add(new ModelVersion((short) 2, "m2", ModelStatus.SHADOW));

    nanos.addAndGet(RefreshedVersions.MAX_AGE.toNanos());
    assertTrue(versions.find("m1").isEmpty());
    assertEquals(1, reads.get());

    nanos.addAndGet(1);
    assertEquals(registry.subList(0, 1), versions.of(List.of(ModelStatus.LIVE)));
    assertEquals(registry.get(1), versions.find("m2").orElseThrow());
    assertEquals(2, reads.get());
    assertEquals(Duration.ofSeconds(5), RefreshedVersions.MAX_AGE);
  }

  @Test
  void whenTheRegistryCannotBeReadTheBundleFailsAndTheNextOneTriesAgain() {
    AtomicInteger tries = new AtomicInteger();
    RefreshedVersions failing =
        new RefreshedVersions(
            () -> {
              if (tries.incrementAndGet() == 1) {
                throw new IllegalStateException("gone");
              }
              return List.of();
            },
            nanos::get);
    assertThrows(IllegalStateException.class, () -> failing.find("m1"));
    assertTrue(failing.find("m1").isEmpty());
    assertEquals(2, tries.get());
  }
}
