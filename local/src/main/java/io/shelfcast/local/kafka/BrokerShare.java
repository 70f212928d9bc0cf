package io.shelfcast.local.kafka;

import io.shelfcast.local.net.Loopback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This JVM's share in the broker of a folder: it runs it, or has joined the process that does and
 * is ready to go on with it. Whoever holds the lock on a file runs the broker; the system drops the
 * lock of a process that dies, however it dies, so nothing goes stale.
 *
 * <p>A JVM holds a file lock as a whole, and on POSIX loses it when it closes any channel to that
 * file. Hence one object per folder and JVM, which opens the file once and counts within.
 */
final class BrokerShare {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Logger LOG = LoggerFactory.getLogger(BrokerShare.class);
  private static final Map<Path, BrokerShare> IN_THIS_JVM = new ConcurrentHashMap<>();

  private final Path folder;
  private final PortFile address;
  private final PortFile keptPort;
  private @Nullable FileChannel channel;
  private volatile @Nullable KafkaBroker broker;
  private volatile int port;
  private int users;

  private BrokerShare(Path folder) {
    this.folder = folder;
    // Where it listens, while it does; and where it last did, for the next start.
    this.address = new PortFile(folder.resolve("listening"));
    this.keptPort = new PortFile(folder.resolve("port"));
  }

  static BrokerShare of(Path folder) {
    return IN_THIS_JVM.computeIfAbsent(folder, BrokerShare::new);
  }

  Path folder() {
    return folder;
  }

  int port() {
    return port;
  }

  boolean isOwner() {
    return broker != null;
  }

  /**
   * Joins the broker, or starts it.
   *
   * @param wantedPort where to start it; 0 for where it was before
   */
  synchronized void join(int wantedPort) throws IOException {
    if (users == 0) {
      FileChannel opened =
          FileChannel.open(
              folder.resolve("owner.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        joinOrStart(opened, wantedPort);
      } catch (IOException | RuntimeException e) {
        opened.close();
        throw e;
      }
      channel = opened;
    }
    users++;
  }

  private void joinOrStart(FileChannel lockFile, int wantedPort) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (lockFile.tryLock() == null) {
      OptionalInt listening = address.read();
      // A killed broker leaves the file: so it is asked, not believed.
      if (listening.isPresent() && Loopback.answersAt(listening.getAsInt())) {
        port = listening.getAsInt();
        goOnWhenTheOwnerEnds(lockFile);
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new LocalKafkaException(
            "another process runs the Kafka broker of %s but it does not answer; end that process and try again"
                .formatted(folder));
      }
      pause();
    }
    start(wantedPort);
  }

  /** With the lock. */
  private void start(int wantedPort) throws IOException {
    address.delete();
    KafkaBroker started = KafkaBroker.start(folder, wantedPort, keptPort.read().orElse(0));
    try {
      keptPort.write(started.port());
      address.write(started.port());
    } catch (IOException e) {
      started.stop();
      throw e;
    }
    port = started.port();
    broker = started;
  }

  private void goOnWhenTheOwnerEnds(FileChannel lockFile) {
    Thread heir = new Thread(() -> inherit(lockFile), "shelfcast-kafka-heir");
    heir.setDaemon(true);
    heir.start();
  }

  private void inherit(FileChannel lockFile) {
    try {
      FileLock inherited = lockFile.lock();
      goOn(inherited);
    } catch (ClosedChannelException e) {
      LOG.debug("left before the owner did", e);
    } catch (IOException | RuntimeException e) {
      LOG.warn("cannot go on with the Kafka broker of {}: {}", folder, e.getMessage());
    }
  }

  private synchronized void goOn(FileLock inherited) throws IOException {
    if (!inherited.isValid()) {
      return; // Everybody in this JVM has left in between.
    }
    LOG.info("the process that ran the Kafka broker has ended; this one goes on with it");
    try {
      start(0);
    } catch (IOException | RuntimeException e) {
      inherited.release(); // Another process may fare better.
      throw e;
    }
  }

  /** The last in this JVM to leave stops the broker, if it is here, and waits until it has. */
  synchronized void leave() {
    FileChannel leaving = channel;
    if (--users > 0 || leaving == null) {
      return;
    }
    KafkaBroker stopping = broker;
    channel = null;
    broker = null;
    // Closing the channel gives the lock back, and ends the wait for it.
    try (leaving) {
      if (stopping != null) {
        // First, so that nobody joins what is about to end.
        address.delete();
        stopping.stop();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LocalKafkaException("interrupted while waiting for the Kafka broker", e);
    }
  }
}
