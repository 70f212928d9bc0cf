package io.shelfcast.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That memory does not grow with the input; DirectRunner would need several times this heap. */
@Tag("scale")
class TenMillionRowsTest {

  @TempDir private Path home;

  @Test
  void tenMillionRowsPassThroughHalfAGibibyteOfHeap() throws Exception {
    Path scores = home.resolve("scores");
    Command.Ended generated =
        Command.run(
            home,
            "generate",
            "--stores=10000",
            "--itemsPerStore=1000",
            "--scoredAt=2024-06-08T06:00:00Z",
            "--output=" + scores);
    assertEquals(0, generated.exitCode(), generated.err());
    Command.Ended ended = Command.run(home, "full-sync", "--input=" + scores + "/*.parquet");
    assertEquals(0, ended.exitCode(), ended.err());
    assertTrue(ended.out().contains("\"read\":10000000,\"inserted\":10000000,"), ended.out());
  }
}
