package io.shelfcast.local.postgres;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who uses a server, counted by the operating system: each JVM that does holds a shared lock on one
 * file. The system drops the locks of a process that dies, however it dies, so nothing goes stale.
 *
 * <p>A JVM holds a file lock as a whole, and on POSIX loses it when it closes any channel to that
 * file. Hence one object per folder and JVM, which opens the file once and counts within.
 */
final class Users {
  private static final Map<Path, Users> IN_THIS_JVM = new ConcurrentHashMap<>();

  private final Path usersFile;
  private final Path startFile;
  private @Nullable FileChannel channel;
  private @Nullable FileLock lock;
  private int count;

  private Users(Path folder) {
    usersFile = folder.resolve("users.lock");
    startFile = folder.resolve("start.lock");
  }

  static Users of(Path folder) {
    return IN_THIS_JVM.computeIfAbsent(folder, Users::new);
  }

  /** What is done while nobody else joins, starts, leaves or stops. */
  interface Action<T> {
    T run() throws IOException;
  }

  synchronized <T> T alone(Action<T> action) throws IOException {
    try (FileChannel start = openForLocking(startFile)) {
      start.lock(); // Closing the channel gives it back.
      return action.run();
    }
  }

  /** To be called {@link #alone}. */
  synchronized void join() throws IOException {
    if (count == 0) {
      FileChannel opened = openForLocking(usersFile);
      try {
        // Does not wait: only one who is alone tries the exclusive lock.
        lock = opened.lock(0, Long.MAX_VALUE, true);
      } catch (IOException | RuntimeException e) {
        opened.close();
        throw e;
      }
      channel = opened;
    }
    count++;
  }

  /** To be called {@link #alone}. Returns whether nobody is left, in any JVM. */
  synchronized boolean leave() throws IOException {
    if (--count > 0 || channel == null || lock == null) {
      return false;
    }
    try (FileChannel closing = channel) {
      lock.release();
      return closing.tryLock() != null; // Closing the channel gives it back.
    } finally {
      channel = null;
      lock = null;
    }
  }

  private static FileChannel openForLocking(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }
}
