package io.shelfcast.local.kafka;

import io.shelfcast.local.net.Loopback;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * One command's use of the embedded Kafka broker of a home folder, which keeps its topics between
 * commands and is shared by all that run at the same time.
 *
 * <ul>
 *   <li>The first to need the broker runs it, in its own process; the others join it.
 *   <li>When that process ends, however it ends, one of those that had joined goes on with the
 *       broker, on the same data and at the same port: clients notice no more than a broker that
 *       was away for a second or two.
 *   <li>What was sent stays, whatever process is killed: it is in the system's page cache, as with
 *       any Kafka broker.
 * </ul>
 *
 * <p>Safe for use by several threads, and several times in one JVM.
 */
public final class LocalKafka implements AutoCloseable {

  /** Of a topic: as many at once as a pipeline on one machine can make use of. */
  public static final int PARTITIONS = 8;

  private static final int ADMIN_MILLIS = 30_000;

  private final BrokerShare share;
  private final AtomicBoolean closed = new AtomicBoolean();

  private LocalKafka(BrokerShare share) {
    this.share = share;
  }

  /**
   * Joins the broker of {@code home}, or starts it, at the port that it had before if that is free.
   *
   * @throws LocalKafkaException if it cannot be had; the message says what to do
   */
  public static LocalKafka open(Path home) throws IOException {
    return open(home, 0);
  }

  /**
   * Like {@link #open(Path)}, but where the broker is to be started, at a port of the caller's
   * choice.
   *
   * @param port 0 for the one that it had before
   */
  public static LocalKafka open(Path home, int port) throws IOException {
    BrokerShare share = BrokerShare.of(createFolder(home));
    share.join(port);
    return new LocalKafka(share);
  }

  /** Where clients connect to, as {@code HOST:PORT}. */
  public String bootstrapServers() {
    return Loopback.HOST + ":" + share.port();
  }

  /** Whether the broker runs in this process, for now: who joined it may come to own it. */
  public boolean isOwner() {
    return share.isOwner();
  }

  /** Where the broker keeps its data. */
  public Path folder() {
    return share.folder();
  }

  /** Creates a topic. One of that name that exists is left as it is. */
  public void createTopic(String name, int partitions) throws IOException {
    try (Admin admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                ADMIN_MILLIS))) {
      admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new LocalKafkaException(
            "cannot create the topic %s: %s".formatted(name, e.getCause()), e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LocalKafkaException("interrupted while the topic " + name + " was created", e);
    }
  }

  /**
   * Leaves. If the broker runs in this process, and nothing else in it uses it, it is stopped.
   * Calling it again does nothing; it may be called from a shutdown hook.
   */
  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      share.leave();
    }
  }

  private static Path createFolder(Path home) throws LocalKafkaException {
    try {
      // The real path, so that two names of one home are one home.
      Path folder = Files.createDirectories(home.resolve("kafka")).toRealPath();
      if (!Files.isWritable(folder)) {
        throw new AccessDeniedException(folder.toString());
      }
      if (folder.toString().indexOf(',') >= 0) {
        throw new IOException("Kafka takes a comma in a path for the end of it");
      }
      return folder;
    } catch (IOException e) {
      throw new LocalKafkaException(
          "cannot keep Kafka's data in "
              + home.toAbsolutePath()
              + " ("
              + e
              + "): set SHELFCAST_HOME to another folder that you may write to, or give"
              + " --bootstrapServers",
          e);
    }
  }
}
