package io.shelfcast.store;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A run as it starts.
 *
 * @param runId its name in the ledger
 * @param kind what it does
 * @param source what it reads, as the user gave it
 * @param modelVersion the model version of rows that name none
 * @param writeMode how it writes
 * @param attached whether its starter holds a {@link RunLock} until it ends
 * @param startedBy the host and process that started it
 */
public record RunStart(
    String runId,
    RunKind kind,
    String source,
    @Nullable String modelVersion,
    String writeMode,
    boolean attached,
    String startedBy) {

  /** A run that this process starts now, under a name of its own. */
  public static RunStart now(
      RunKind kind,
      String source,
      @Nullable String modelVersion,
      String writeMode,
      boolean attached) {
    String runId = RunId.next(Instant.now(), ThreadLocalRandom.current());
    return new RunStart(runId, kind, source, modelVersion, writeMode, attached, thisProcess());
  }

  private static String thisProcess() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      // Only to tell people which machine it was; one without a name must still work.
      host = "unknown host";
    }
    return host + ", process " + ProcessHandle.current().pid();
  }
}
