package io.shelfcast.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a streaming job on this machine keeps its checkpoints, so that one that was killed goes on
 * from its last one: what it had read and not yet written is in there, though Kafka knows it as
 * read. One process at a time.
 */
final class StreamState implements AutoCloseable {

  private final Path folder;
  private final FileChannel channel;
  private final FileLock lock;

  private StreamState(Path folder, FileChannel channel, FileLock lock) {
    this.folder = folder;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Opens the state of a job.
   *
   * @param job what tells it from others: all that its state depends on
   * @throws IllegalStateException when another process runs the job
   */
  static StreamState open(Path home, String job) throws IOException {
    String name = UUID.nameUUIDFromBytes(job.getBytes(StandardCharsets.UTF_8)).toString();
    Path folder = Files.createDirectories(home.resolve("flink").resolve("state-" + name));
    FileChannel channel =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process: as good as held by another one.
    }
    if (lock == null) {
      channel.close();
      throw new IllegalStateException(
          "another process reads the same topics for the same group (%s); stop it first, or give"
                  .formatted(folder)
              + " another --consumerGroup");
    }
    StreamState state = new StreamState(folder, channel, lock);
    state.removeAllBut(state.newestCheckpoint().map(Path::getParent).orElse(null));
    return state;
  }

  Path folder() {
    return folder;
  }

  /** The checkpoint that a killed job left last. */
  Optional<Path> newestCheckpoint() throws IOException {
    try (Stream<Path> found = Files.find(folder, 3, (path, is) -> isComplete(path))) {
      return found.max(Comparator.comparing(StreamState::modified)).map(Path::getParent);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Forgets all checkpoints: the job has ended well, and Kafka knows what it has read. */
  void clear() throws IOException {
    removeAllBut(null);
  }

  /** Flink writes it when all else of the checkpoint is there. */
  private static boolean isComplete(Path path) {
    return path.toString().matches(".*/chk-\\d+/_metadata");
  }

  private static FileTime modified(Path path) {
    try {
      return Files.getLastModifiedTime(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void removeAllBut(@Nullable Path kept) throws IOException {
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        boolean needed =
            path.equals(folder)
                || path.equals(folder.resolve("lock"))
                || (kept != null && (path.startsWith(kept) || kept.startsWith(path)));
        if (!needed) {
          Files.deleteIfExists(path);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}
