package io.shelfcast.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a demo has its data: a home of its own within the home, so that it does not mix with the
 * user's. Emptied when it is opened, but for PostgreSQL's folder, in which a server may still run
 * that a killed demo left. One demo at a time.
 */
final class DemoFolder implements AutoCloseable {

  private final Path home;
  private final FileChannel channel;

  private DemoFolder(Path home, FileChannel channel) {
    this.home = home;
    this.channel = channel;
  }

  /**
   * Opens the one within a home.
   *
   * @throws CommandException when another demo uses it
   */
  static DemoFolder open(Path outerHome) throws IOException {
    Path home = Files.createDirectories(outerHome.resolve("demo"));
    FileChannel channel =
        FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (lock(channel) == null) {
        throw new CommandException(
            "another demo runs in %s; stop it, or set SHELFCAST_HOME to another folder"
                .formatted(home));
      }
      for (String part : new String[] {"kafka", "flink", "scores"}) {
        delete(home.resolve(part));
      }
      return new DemoFolder(home, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  Path home() {
    return home;
  }

  Path scores() {
    return home.resolve("scores");
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process: as good as held by another one.
      return null;
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** Lets the next demo have it. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
