package io.shelfcast.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The engine that pipelines run on here, unless the user names another: Flink in this process,
 * whose memory is bounded however far the reader is ahead of the database. DirectRunner starts
 * faster but holds all that is read ahead in memory; docs/decisions has the measurement.
 */
public final class LocalEngine implements AutoCloseable {

  private final FlinkFolder folder;

  private LocalEngine(FlinkFolder folder) {
    this.folder = folder;
  }

  /** With a folder of its own in the home, until it is closed. */
  public static LocalEngine open(Path home) throws IOException {
    return new LocalEngine(FlinkFolder.create(home));
  }

  /** Adds what a pipeline's arguments say nothing of. */
  public void addTo(List<String> arguments) {
    addUnlessGiven(arguments, "--runner=", "FlinkRunner");
    addUnlessGiven(arguments, "--flinkMaster=", "[local]");
    addUnlessGiven(arguments, "--flinkConfDir=", folder.path().toString());
    // What waits for the quality gate's verdict has to wait on disk, as it does in batch mode.
    addUnlessGiven(arguments, "--streaming=", "false");
    addUnlessGiven(arguments, "--parallelism=", String.valueOf(parallelism()));
    // Rows of a CSV unload become a batch at the end of a bundle at the latest; Flink's 1000 would
    // make batches of a thousand rows, which take the database three times as long.
    addUnlessGiven(arguments, "--maxBundleSize=", "100000");
    // Elements are immutable, so nobody has to copy them.
    addUnlessGiven(arguments, "--objectReuse=", "true");
    addUnlessGiven(arguments, "--fasterCopy=", "true");
    // Checks of DirectRunner that are for tests, and make it several times slower.
    addUnlessGiven(arguments, "--enforceImmutability=", "false");
    addUnlessGiven(arguments, "--enforceEncodability=", "false");
  }

  /** Of either engine here: a reader and a writer at the least. */
  static int parallelism() {
    return Math.max(2, Runtime.getRuntime().availableProcessors());
  }

  static void addUnlessGiven(List<String> arguments, String option, String value) {
    if (!PipelineOptionsSpec.isGiven(arguments, option)) {
      arguments.add(option + value);
    }
  }

  @Override
  public void close() {
    folder.close();
  }
}
