package io.shelfcast.outcomes;

import io.shelfcast.run.AttachedRun;
import java.io.IOException;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;

/**
 * What came of a run.
 *
 * @param line one line of JSON
 * @param summary lines for people
 * @param isGood false: there is nothing that could be used, such as thresholds that meet the target
 */
public record OutcomeResult(String line, String summary, boolean isGood) {

  private static final String JSON_FILE = "result.json";
  private static final String SUMMARY_FILE = "summary.txt";

  /** Writes what a run came to: the line last, so that where it stands all else does. */
  static void write(OutputFolder output, String summary, String line) throws IOException {
    output.write(SUMMARY_FILE, "text/plain", summary);
    output.write(JSON_FILE, "application/json", line);
  }

  /** Runs a pipeline whose last step writes its result; empty on Dataflow, which only takes it. */
  static Optional<OutcomeResult> of(Pipeline pipeline, OutcomeOptions options, OutputFolder output)
      throws IOException {
    if (!AttachedRun.finish(pipeline, options)) {
      return Optional.empty();
    }
    String line = output.read(JSON_FILE);
    return Optional.of(
        new OutcomeResult(line, output.read(SUMMARY_FILE), !line.contains("\"policy_file\":null")));
  }
}
