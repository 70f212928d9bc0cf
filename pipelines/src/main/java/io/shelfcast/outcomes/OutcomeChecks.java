package io.shelfcast.outcomes;

import io.shelfcast.fullsync.NamedTexts;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be told to be wrong before a run that takes a while. */
final class OutcomeChecks {

  private static final Duration LONGEST_RESOLUTION = Duration.ofDays(1);

  private OutcomeChecks() {}

  /**
   * Looks for the files.
   *
   * @throws IllegalArgumentException naming the option that is wrong, or of what is not there
   */
  static void checkInput(OutcomeOptions options) throws IOException {
    long unused = resolutionMicros(options);
    checkFiles("--outcomes", options.getOutcomes());
    checkFiles("--scores", options.getScores());
  }

  /**
   * The folder for what is written.
   *
   * @param standard where nothing is said
   * @throws IllegalArgumentException when it cannot be one
   */
  static OutputFolder output(OutcomeOptions options, String standard) {
    @Nullable String given = options.getOutput();
    boolean isDataflow = options.getRunner().getSimpleName().equals("DataflowRunner");
    if (isDataflow && (given == null || !given.contains("://"))) {
      throw new IllegalArgumentException(
          "--output is %s; write a folder that outlives the workers, such as gs://BUCKET/tuning"
              .formatted(given == null ? "missing" : "'" + given + "'"));
    }
    String path = given == null ? standard : given;
    if (!path.contains("://") && Files.exists(Path.of(path)) && !Files.isDirectory(Path.of(path))) {
      throw new IllegalArgumentException(
          "--output is '%s', which is a file; write a folder".formatted(path));
    }
    return new OutputFolder(path);
  }

  /**
   * What times are cut to.
   *
   * @throws IllegalArgumentException when they cannot be
   */
  static long resolutionMicros(OutcomeOptions options) {
    Duration resolution = options.getTimeResolution();
    if (resolution.isNegative() || resolution.compareTo(LONGEST_RESOLUTION) > 0) {
      throw new IllegalArgumentException(
          "--timeResolution is %s; write a duration from PT0S to %s"
              .formatted(resolution, LONGEST_RESOLUTION));
    }
    return Math.max(1, resolution.toNanos() / 1000);
  }

  private static void checkFiles(String option, List<String> globs) throws IOException {
    try {
      List<String> unused = NamedTexts.find(globs);
    } catch (FileNotFoundException e) {
      throw new IllegalArgumentException(
          "%s is '%s', and one of them matches no file; write a path or glob of files that are there"
              .formatted(option, String.join(",", globs)),
          e);
    }
  }
}
