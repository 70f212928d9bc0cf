package io.shelfcast.fullsync;

import io.shelfcast.quality.BatchAssembler;
import io.shelfcast.quality.RowRules;
import io.shelfcast.store.SharedData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.io.FileSystems;
import org.junit.jupiter.api.Test;

/**
 * How fast score files become batches, on one thread: the 42 files of the real data, five times
 * over. Not a test of the build; docs/decisions says how to run it.
 */
class ParquetReadBenchmark {

  @Test
  void theRealFiles() throws Exception {
    List<Path> paths;
    try (Stream<Path> found = Files.walk(SharedData.scores())) {
      paths = found.filter(path -> path.toString().endsWith(".parquet")).toList();
    }
    ScoreFiles files =
        new ScoreFiles(
            ColumnMapping.parse(null), null, RowRules.asOf(Instant.now(), Duration.ZERO));
    for (int round = 1; round <= 5; round++) {
      long start = System.nanoTime();
      long rows = 0;
      for (Path path : paths) {
        for (FilePart part : files.parts(FileSystems.matchSingleFileSpec(path.toString()))) {
          BatchAssembler assembler =
              new BatchAssembler("f", "0", 20_000, batch -> {}, rejected -> {});
          files.read(part, assembler);
          rows += assembler.rows();
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          "round %d  %,d rows  %.2f s  %,.0f rows/s%n", round, rows, seconds, rows / seconds);
    }
  }
}
