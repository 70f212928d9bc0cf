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
   * @param job what the job does, whatever it does it with: its topics and its group
   * @param settings what its state depends on besides: a job with others cannot go on from it
   * @throws IllegalStateException when another process runs the job, or one that was killed has
   *     left a state that was made with other settings
   */
  static StreamState open(Path home, String job, String settings) throws IOException {
    String name = "state-" + name(job) + "-";
    Path all = Files.createDirectories(home.resolve("flink"));
    Path folder = Files.createDirectories(all.resolve(name + name(settings)));
    try (Stream<Path> found = Files.list(all)) {
      for (Path other :
          found.filter(path -> path.getFileName().toString().startsWith(name)).toList()) {
        if (!other.equals(folder) && newestCheckpoint(other).isPresent()) {
          throw new IllegalStateException(
              "a refresh of the same topics and group that was killed left its state, made with"
                  + " other brokers, another database or other --kafkaConfig: start it with those"
                  + " once, for it to finish what it had read, or delete %s to give that up"
                      .formatted(other));
        }
      }
    }
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
          "another process reads the same topics for the same group; stop it first, or give another"
              + " --consumerGroup");
    }
    StreamState state = new StreamState(folder, channel, lock);
    state.removeAllBut(state.newestCheckpoint().map(Path::getParent).orElse(null));
    return state;
  }

  Path folder() {
    return folder;
  }

  private static String name(String text) {
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString().substring(0, 8);
  }

  /** The checkpoint that a killed job left last. */
  Optional<Path> newestCheckpoint() throws IOException {
    return newestCheckpoint(folder);
  }

  private static Optional<Path> newestCheckpoint(Path folder) throws IOException {
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
