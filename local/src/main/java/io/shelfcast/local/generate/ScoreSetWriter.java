package io.shelfcast.local.generate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Writes a set as Parquet files in the order of (store, product), cut where a store ends, several
 * files at a time. What is in a file depends on the set alone, not on the number of threads.
 */
public final class ScoreSetWriter {
  /** Enough for a reader to share the files among its workers, and for few files in all. */
  private static final int ROWS_PER_FILE = 1_000_000;

  private final int threads;
  private final int rowsPerFile;

  public ScoreSetWriter(int threads) {
    this(threads, ROWS_PER_FILE);
  }

  ScoreSetWriter(int threads, int rowsPerFile) {
    this.threads = threads;
    this.rowsPerFile = rowsPerFile;
  }

  /**
   * Replaces the set in {@code directory} by this one.
   *
   * @param progress is told the number of finished files after each one
   * @return the number of files
   */
  public int write(ScoreSet set, Path directory, IntConsumer progress)
      throws IOException, InterruptedException {
    List<ScoreFile> files = cut(set);
    PartFiles parts = new PartFiles(directory, files.size());
    parts.prepare();
    try {
      writeAll(files, parts, progress);
      parts.publish();
    } finally {
      parts.discard();
    }
    return files.size();
  }

  private List<ScoreFile> cut(ScoreSet set) {
    int storesPerFile = Math.max(1, rowsPerFile / set.itemsPerStore());
    List<ScoreFile> files = new ArrayList<>();
    for (int first = 0; first < set.stores(); ) {
      int end = first + Math.min(storesPerFile, set.stores() - first);
      files.add(new ScoreFile(set, first, end));
      first = end;
    }
    return files;
  }

  private void writeAll(List<ScoreFile> files, PartFiles parts, IntConsumer progress)
      throws IOException, InterruptedException {
    ExecutorService executor = Executors.newFixedThreadPool(Math.min(threads, files.size()));
    try {
      ExecutorCompletionService<Void> running = new ExecutorCompletionService<>(executor);
      for (int part = 0; part < files.size(); part++) {
        ScoreFile file = files.get(part);
        Path path = parts.unfinished(part);
        running.submit(
            () -> {
              file.write(path);
              return null;
            });
      }
      for (int done = 1; done <= files.size(); done++) {
        running.take().get();
        progress.accept(done);
      }
    } catch (ExecutionException e) {
      throw new IOException("could not write a score file: " + e.getCause(), e.getCause());
    } finally {
      // After a failure: the files that others are still writing must be closed to be removed.
      executor.shutdownNow();
      executor.awaitTermination(1, TimeUnit.MINUTES);
    }
  }
}
