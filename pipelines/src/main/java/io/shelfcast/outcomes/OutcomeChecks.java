package io.shelfcast.outcomes;

import io.shelfcast.domain.ModelVersion;
import io.shelfcast.fullsync.NamedTexts;
import io.shelfcast.run.AttachedRun;
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
   * Refuses what is no name of a model version.
   *
   * @param option where it stands, and how: {@code --models has}
   */
  static void checkModelVersion(String option, String name) {
    if (!ModelVersion.isValidName(name)) {
      throw new IllegalArgumentException(
          "%s '%s'; write 1 to 64 of letters, digits, '.', '_' and '-'".formatted(option, name));
    }
  }

  /** Refuses what is no share that could be found, and what is no minimum of outcomes. */
  static void checkTarget(double targetFoundRate, int minEvidence) {
    if (!(targetFoundRate > 0 && targetFoundRate <= 1)) {
      throw new IllegalArgumentException(
          "--targetFoundRate is %s; write a share above 0 and up to 1, such as 0.95"
              .formatted(targetFoundRate));
    }
    if (minEvidence < 1) {
      throw new IllegalArgumentException(
          "--minEvidence is %d; it has to be one or more".formatted(minEvidence));
    }
  }

  /**
   * The folder for what is written.
   *
   * @param standard where nothing is said
   * @throws IllegalArgumentException when it cannot be one
   */
  static OutputFolder output(OutcomeOptions options, String standard) {
    @Nullable String given = options.getOutput();
    if (!AttachedRun.isAttached(options) && (given == null || !given.contains("://"))) {
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
