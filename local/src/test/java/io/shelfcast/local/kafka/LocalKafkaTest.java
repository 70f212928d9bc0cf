package io.shelfcast.local.kafka;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.shelfcast.local.Logs;
import io.shelfcast.local.net.Loopback;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One home for all: each test has a topic of its own. */
final class LocalKafkaTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir static Path home;

  /** What Kafka logs would be most of the output. */
  @BeforeAll
  static void quiet() {
    Logs.quiet();
  }

  @Test
  void whatWasSentStaysBetweenCommandsAndThePortAsWell() throws Exception {
    String address;
    try (LocalKafka kafka = LocalKafka.open(home)) {
      assertThat(kafka.isOwner(), is(true));
      address = kafka.bootstrapServers();
      kafka.createTopic("kept", 2);
      Topic.send(address, "kept", "a");
    }
    try (LocalKafka kafka = LocalKafka.open(home)) {
      assertThat(kafka.bootstrapServers(), is(address));
      assertThat(valuesIn(kafka, "kept"), is(List.of("a")));
    }
  }

  @Test
  void aTopicThatExistsIsLeftAsItIs() throws Exception {
    try (LocalKafka kafka = LocalKafka.open(home)) {
      kafka.createTopic("twice", 3);
      Topic.send(kafka.bootstrapServers(), "twice", "a");
      kafka.createTopic("twice", 8);
      assertThat(Topic.partitions(kafka.bootstrapServers(), "twice"), is(3));
      assertThat(valuesIn(kafka, "twice"), is(List.of("a")));
    }
  }

  @Test
  void twoProcessesShareOneAndTheOneThatStaysGoesOnWithIt() throws Exception {
    try (OtherCommand owner = OtherCommand.launch(home)) {
      String address = owner.address();
      try (LocalKafka joined = LocalKafka.open(home)) {
        assertThat(joined.isOwner(), is(false));
        assertThat(joined.bootstrapServers(), is(address));
        joined.createTopic("shared", 1);
        Topic.send(address, "shared", "a");
        owner.leave();
        await("going on", joined::isOwner);
        assertThat(joined.bootstrapServers(), is(address));
        assertThat(valuesIn(joined, "shared"), is(List.of("a")));
      }
    }
    assertThat(Loopback.answersAt(port(home)), is(false));
  }

  @Test
  void aKilledOwnerIsReplacedOnTheSameDataByOneThatHasJoined() throws Exception {
    try (OtherCommand killed = OtherCommand.launch(home)) {
      String address = killed.address();
      try (LocalKafka joined = LocalKafka.open(home)) {
        joined.createTopic("survivor", 1);
        Topic.send(address, "survivor", "a");
        killed.kill();
        // A client does nothing about it but wait.
        Topic.send(address, "survivor", "b");
        await("going on", joined::isOwner);
        assertThat(joined.bootstrapServers(), is(address));
        assertThat(valuesIn(joined, "survivor"), is(List.of("a", "b")));
      }
    }
  }

  @Test
  void whatAKilledOwnerLeavesBehindIsNotInTheWay() throws Exception {
    Path folder = home.resolve("kafka");
    LocalKafka.open(home).close();
    // As if it had been killed: the file says that it listens, and nobody holds the lock.
    new PortFile(folder.resolve("listening")).write(port(home));
    Files.createDirectories(folder.resolve("formatting").resolve("half"));
    try (LocalKafka next = LocalKafka.open(home)) {
      assertThat(next.isOwner(), is(true));
      next.createTopic("works", 1);
    }
  }

  @Test
  void oneThatHasJoinedMayLeaveFirst() throws Exception {
    try (LocalKafka owner = LocalKafka.open(home);
        OtherCommand joined = OtherCommand.launch(home)) {
      assertThat(joined.address(), is(owner.bootstrapServers()));
      joined.leave();
      owner.createTopic("still.there", 1);
    }
  }

  @Test
  void oneJvmMayUseItTwice() throws Exception {
    LocalKafka first = LocalKafka.open(home);
    try (LocalKafka second = LocalKafka.open(home)) {
      assertThat(second.bootstrapServers(), is(first.bootstrapServers()));
      first.close();
      first.close();
      second.createTopic("still.here", 1);
    }
    assertThat(Loopback.answersAt(port(home)), is(false));
  }

  @Test
  void aPortThatIsTakenIsGivenUpUnlessItWasAskedFor() throws Exception {
    LocalKafka.open(home).close();
    int kept = port(home);
    try (ServerSocket taken = new ServerSocket(kept, 1, Loopback.address())) {
      assertThat(
          assertThrows(LocalKafkaException.class, () -> LocalKafka.open(home, kept)).getMessage(),
          containsString("port " + taken.getLocalPort() + " is taken"));
      try (LocalKafka kafka = LocalKafka.open(home)) {
        assertThat(kafka.bootstrapServers(), is(not(Loopback.HOST + ":" + kept)));
      }
    }
  }

  private static int port(Path home) throws Exception {
    return new PortFile(home.resolve("kafka").resolve("port")).read().orElseThrow();
  }

  private static List<String> valuesIn(LocalKafka kafka, String topic) {
    return Topic.read(kafka.bootstrapServers(), topic).stream().map(ConsumerRecord::value).toList();
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain for " + what);
      }
      Thread.onSpinWait();
    }
  }
}
