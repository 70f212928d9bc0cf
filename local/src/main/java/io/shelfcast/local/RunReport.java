package io.shelfcast.local;

import io.shelfcast.domain.RowCounts;
import io.shelfcast.quality.BatchProfile;
import io.shelfcast.quality.GateCheck;
import io.shelfcast.store.ProfiledModel;
import io.shelfcast.store.RunCost;
import io.shelfcast.store.RunDetails;
import io.shelfcast.store.RunKind;
import io.shelfcast.store.RunLine;
import io.shelfcast.store.RunStatus;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** All about a run, as text for people. */
final class RunReport {

  private final PrintWriter out;
  private final Histogram histogram;

  RunReport(PrintWriter out, Histogram histogram) {
    this.out = out;
    this.histogram = histogram;
  }

  /**
   * Prints it.
   *
   * @param deadLetters how many of its rows are dead letters, by reason
   */
  void print(RunDetails run, Map<String, Long> deadLetters) {
    course(run);
    if (removes(run.run())) {
      line("removed", "%,d scores".formatted(run.swap().removed()));
    } else {
      rows(run, deadLetters);
    }
    if (run.run().status() != RunStatus.RUNNING) {
      cost(run.cost());
    }
    source(run);
    gate(run);
    run.models().forEach(this::model);
    examples(run.rejectedExamples());
  }

  private static boolean removes(RunLine run) {
    return run.kind() == RunKind.EXPIRE || run.kind() == RunKind.RETIRE;
  }

  private void course(RunDetails details) {
    RunLine run = details.run();
    line("run", run.runId());
    line("kind", "%s, %s".formatted(run.kind().word().replace('_', ' '), run.writeMode()));
    line("source", run.source());
    line(
        "model version",
        Objects.requireNonNullElse(run.modelVersion(), removes(run) ? "all" : "as the rows say"));
    line("status", run.status().word());
    if (details.error() != null) {
      line("error", details.error());
    }
    line("started", "%s by %s".formatted(run.startedAt(), details.startedBy()));
    if (details.finishedAt() == null) {
      line("running for", "%,.1f s".formatted(run.seconds()));
    } else {
      line("finished", "%s, after %,.1f s".formatted(details.finishedAt(), run.seconds()));
    }
  }

  private void rows(RunDetails run, Map<String, Long> deadLetters) {
    RowCounts counts = run.run().counts();
    line(
        "rows",
        "%,d read: %,d inserted, %,d updated, %,d kept, %,d rejected"
            .formatted(
                counts.read(),
                counts.inserted(),
                counts.updated(),
                counts.kept(),
                counts.rejected()));
    if (run.run().status() == RunStatus.REFUSED) {
      line("", "refused whole, so nothing became of them; the profile says what was read");
    }
    if (run.run().writeMode().equals("snapshot") && run.run().status() == RunStatus.SUCCEEDED) {
      line(
          "swapped in",
          "%,d newer rows carried over from the old set, %,d of it removed"
              .formatted(run.swap().carriedOver(), run.swap().removed()));
    }
    if (!deadLetters.isEmpty()) {
      line("dead letters", byReason(deadLetters));
    }
  }

  private void cost(RunCost cost) {
    line(
        "cost",
        "%,.1f MB read, %,d rows written, %,.1f MB of WAL, %,.1f s in the database"
            .formatted(
                cost.bytesRead() / 1e6,
                cost.rowsWritten(),
                cost.walBytes() / 1e6,
                cost.databaseSeconds()));
  }

  private void source(RunDetails run) {
    RunDetails.Window window = run.window();
    if (window != null) {
      line(
          "window",
          "%s to %s"
              .formatted(
                  window.from() == null ? "from the first row" : "from " + window.from(),
                  window.to()));
    }
    if (run.watermark() != null) {
      line("watermark", String.valueOf(run.watermark()));
    }
  }

  private void gate(RunDetails run) {
    if (run.run().gate() == null) {
      if (!removes(run.run())) {
        line("quality gate", "off, or not reached");
      }
      return;
    }
    line("quality gate", run.run().gate().word());
    if (run.gateReason() != null) {
      line("reason", run.gateReason());
    }
    for (GateCheck check : run.checks()) {
      String mark = check.passed() ? "passed" : "FAILED";
      out.println("  " + mark + "  " + printable(check.line()));
    }
  }

  private void model(ProfiledModel model) {
    out.println();
    out.println(
        "%s: %,d rows, of %,d stores and about %,d items; %,d rejected"
            .formatted(
                model.modelVersion().equals(BatchProfile.UNKNOWN)
                    ? "no model version"
                    : model.modelVersion(),
                model.rows(),
                model.stores(),
                model.items(),
                model.rejected()));
    if (!model.rejectedByReason().isEmpty()) {
      out.println("  rejected   " + byReason(model.rejectedByReason()));
    }
    ProfiledModel.Scores scores = model.scores();
    if (scores == null) {
      return;
    }
    out.println(
        String.format(
            Locale.ROOT,
            "  scores     mean %.4f, from %.4f to %.4f; exactly 0: %.2f %%, exactly 1: %.2f %%",
            scores.mean(),
            scores.min(),
            scores.max(),
            100 * scores.shareOfZeros(),
            100 * scores.shareOfOnes()));
    out.println("  scored at  %s to %s".formatted(scores.oldest(), scores.newest()));
    out.println();
    histogram.lines(scores.histogram()).forEach(bar -> out.println("  " + bar));
  }

  private void examples(Map<String, List<String>> examples) {
    if (examples.isEmpty()) {
      return;
    }
    out.println();
    out.println("rejected, for example:");
    examples.forEach(
        (reason, some) -> some.forEach(row -> out.println(printable("  " + reason + "  " + row))));
  }

  private static String byReason(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(reason -> String.format(Locale.ROOT, "%,d %s", reason.getValue(), reason.getKey()))
        .collect(Collectors.joining(", "));
  }

  private void line(String name, String value) {
    out.println("%-15s".formatted(name.isEmpty() ? "" : name + ":") + printable(value));
  }

  /** Text from the input must not steer the terminal. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
