package io.shelfcast.fullsync;

import io.shelfcast.store.SharedData;
import io.shelfcast.store.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What {@code --minScoreChange} saves on real scores: the 21 snapshots of one model, synced one
 * after the other. Not a test of the build; docs/decisions says how to run it.
 */
class MinScoreChangeBenchmark {

  @Test
  void shareOfWritesSaved() throws Exception {
    List<Path> snapshots;
    try (Stream<Path> files = Files.list(SharedData.scores().resolve("realtime-v2"))) {
      snapshots = files.sorted().toList();
    }
    System.out.println("touchAfter  minScoreChange  updates saved");
    for (String touchAfter : new String[] {"PT6H", "P7D"}) {
      long all = 0;
      for (String change : new String[] {"0", "0.001", "0.005", "0.01", "0.02", "0.05"}) {
        TestDatabase database = TestDatabase.create();
        long updated = 0;
        for (Path snapshot : snapshots) {
          updated +=
              FullSync.sync(
                      database,
                      "--input=" + snapshot,
                      "--minScoreChange=" + change,
                      "--touchAfter=" + touchAfter)
                  .updated();
        }
        all = Math.max(all, updated);
        System.out.printf(
            Locale.ROOT,
            "%-10s  %14s  %11.1f %%%n",
            touchAfter,
            change,
            100.0 * (all - updated) / all);
      }
    }
  }
}
