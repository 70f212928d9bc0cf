package io.shelfcast.local.generate;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScoreSetWriterTest {
  @TempDir Path directory;

  @Test
  void filesAreCutWhereAStoreEnds() throws Exception {
    AtomicInteger done = new AtomicInteger();
    int files = new ScoreSetWriter(2, 25).write(set(5, 10), directory, done::set);
    assertThat(files, is(3));
    assertThat(done.get(), is(3));
    List<Path> parts = ScoreFiles.in(directory);
    assertThat(parts.stream().map(ScoreSetWriterTest::size).toList(), is(List.of(20, 20, 10)));
    assertThat(ScoreFiles.rowsOf(parts.get(1)).get(0).storeId(), is(2L));
  }

  @Test
  void aStoreLargerThanAFileHasAFileOfItsOwn() throws Exception {
    assertThat(new ScoreSetWriter(2, 25).write(set(3, 30), directory, done -> {}), is(3));
    assertThat(
        ScoreFiles.namesIn(directory),
        is(List.of("part-00000.parquet", "part-00001.parquet", "part-00002.parquet")));
  }

  @Test
  void theNumberOfThreadsDoesNotShow(@TempDir Path other) throws Exception {
    new ScoreSetWriter(1, 25).write(set(9, 10), directory, done -> {});
    new ScoreSetWriter(4, 25).write(set(9, 10), other, done -> {});
    assertThat(ScoreFiles.namesIn(other), is(ScoreFiles.namesIn(directory)));
    for (Path part : ScoreFiles.in(directory)) {
      assertThat(Files.mismatch(part, other.resolve(part.getFileName())), is(-1L));
    }
  }

  @Test
  void aSmallerSetLeavesNoFileOfALargerOne() throws Exception {
    new ScoreSetWriter(2, 10).write(set(5, 10), directory, done -> {});
    Files.createFile(directory.resolve("README"));
    new ScoreSetWriter(2, 10).write(set(2, 10), directory, done -> {});
    assertThat(
        ScoreFiles.namesIn(directory),
        is(List.of("README", "part-00000.parquet", "part-00001.parquet")));
  }

  @Test
  void whatAKilledRunLeftIsCleared() throws Exception {
    Files.writeString(directory.resolve("part-00007.parquet.tmp"), "half a file");
    new ScoreSetWriter(2, 10).write(set(1, 10), directory, done -> {});
    assertThat(ScoreFiles.namesIn(directory), is(List.of("part-00000.parquet")));
  }

  @Test
  void aFailedRunLeavesTheEarlierSetAsItWas() throws Exception {
    new ScoreSetWriter(2, 10).write(set(2, 10), directory, done -> {});
    byte[] before = Files.readAllBytes(directory.resolve("part-00000.parquet"));
    assertThrows(
        IllegalStateException.class,
        () ->
            new ScoreSetWriter(2, 10)
                .write(
                    set(4, 5),
                    directory,
                    done -> {
                      throw new IllegalStateException("stopped half way");
                    }));
    assertThat(
        ScoreFiles.namesIn(directory), is(List.of("part-00000.parquet", "part-00001.parquet")));
    assertThat(Files.readAllBytes(directory.resolve("part-00000.parquet")), is(before));
  }

  private static ScoreSet set(int stores, int itemsPerStore) {
    return new ScoreSet(
        stores, itemsPerStore, "realtime-v2", Instant.parse("2024-06-08T06:00:00Z"), 1);
  }

  private static int size(Path file) {
    try {
      return ScoreFiles.rowsOf(file).size();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
