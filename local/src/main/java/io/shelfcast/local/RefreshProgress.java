package io.shelfcast.local;

import io.shelfcast.refresh.RefreshLag;
import io.shelfcast.refresh.RefreshOptions;
import io.shelfcast.scoring.ScoringApi;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Tells on standard error how a refresh goes, by the job's own counters: on a terminal in one line
 * that changes, otherwise a line every few seconds in which something happened.
 */
final class RefreshProgress {

  private static final int SECONDS_BETWEEN_LINES = 5;

  private final Supplier<Map<String, Long>> counters;
  private final PrintWriter err;
  private final boolean terminal = Boolean.getBoolean("shelfcast.terminal");
  private final long startedAt = System.nanoTime();
  private Map<String, Long> told = Map.of();
  private Map<String, Long> now = Map.of();
  private int ticks;

  RefreshProgress(Supplier<Map<String, Long>> counters, PrintWriter err) {
    this.counters = counters;
    this.err = err;
  }

  void started(RefreshOptions options) {
    err.printf(
        "refresh: reading %s on %s as %s, scoring by %s; Ctrl-C stops it%n",
        options.getRequestsTopic(),
        options.getBootstrapServers(),
        options.getConsumerGroup(),
        options.getScoringUrl());
    err.flush();
  }

  /** To be called every second. */
  void tick() {
    if (!terminal && ++ticks % SECONDS_BETWEEN_LINES != 0) {
      return;
    }
    read();
    if (!terminal && now.equals(told)) {
      return;
    }
    err.printf(
        "%srefresh: %s; lag of the last ones %s%s%s",
        terminal ? "\r\u001b[K" : "",
        counts(),
        lag(told),
        heldBack(),
        terminal ? "" : System.lineSeparator());
    err.flush();
    told = now;
  }

  /** The last word, with all that was counted. */
  void finished(String how) {
    read();
    if (terminal) {
      err.print("\r\u001b[K");
    }
    err.printf("refresh %s after %.0f s: %s; lag %s%n", how, seconds(), counts(), lag(Map.of()));
    if (count("rows_rejected") > 0) {
      err.println("rejected: see ./shelfcast dead-letters list");
    }
    err.flush();
  }

  String json() throws IOException {
    return JsonLine.of(
        json -> {
          json.writeNumberField("requests", count("requests_read"));
          json.writeNumberField("items", count("items_requested"));
          json.writeNumberField("suppressed_repeated", count("items_suppressed_repeated"));
          json.writeNumberField("suppressed_fresh", count("items_suppressed_fresh"));
          json.writeNumberField("scored", count("items_scored"));
          json.writeNumberField("inserted", count("scores_inserted"));
          json.writeNumberField("updated", count("scores_updated"));
          json.writeNumberField("kept", count("scores_kept"));
          json.writeNumberField("rejected", count("rows_rejected"));
          json.writeNumberField("scoring_calls", count("scoring_calls"));
          json.writeNumberField("scoring_retries", count("scoring_retries"));
          json.writeNumberField("lag_p50_ms", percentile(Map.of(), 0.5));
          json.writeNumberField("lag_p99_ms", percentile(Map.of(), 0.99));
          json.writeNumberField("seconds", JsonLine.rounded(seconds()));
        });
  }

  private double seconds() {
    return (System.nanoTime() - startedAt) / 1e9;
  }

  private String counts() {
    return "%,d requests in (%,d items), %,d suppressed, %,d scored, %,d written, %,d rejected"
        .formatted(
            count("requests_read"),
            count("items_requested"),
            count("items_suppressed_repeated") + count("items_suppressed_fresh"),
            count("items_scored"),
            count("scores_inserted") + count("scores_updated"),
            count("rows_rejected"));
  }

  /** In this process, of the pipeline's own client. */
  private static String heldBack() {
    int open = ScoringApi.openBreakersOfAll();
    return open == 0
        ? ""
        : "; calls to %d model(s) are held back: the last ones failed".formatted(open);
  }

  private String lag(Map<String, Long> before) {
    long median = percentile(before, 0.5);
    return median < 0 ? "-" : "p50 %,d ms, p99 %,d ms".formatted(median, percentile(before, 0.99));
  }

  private long percentile(Map<String, Long> before, double share) {
    return RefreshLag.percentile(name -> count(name) - before.getOrDefault(name, 0L), share);
  }

  private long count(String name) {
    return now.getOrDefault(name, 0L);
  }

  private void read() {
    now = counters.get();
  }
}
