package io.shelfcast.local;

import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options on what a policy may change, and on how long to count that. */
final class EffectArguments {

  /** What statements that take long in their nature get. */
  private static final Duration LONGEST = Duration.ofHours(6);

  @Option(
      names = "--maxFlip",
      paramLabel = "SHARE",
      defaultValue = "0.2",
      description =
          "Refuse it, with exit code 3, if more than this share of the served items would be"
              + " decided otherwise (0.2).")
  private double maxFlip;

  @Option(
      names = "--effectTimeout",
      paramLabel = "DURATION",
      defaultValue = "PT15M",
      converter = IsoDuration.class,
      description =
          "How long counting what would change may take (PT15M). PT0S: it is not counted.")
  private Duration effectTimeout = Duration.ZERO;

  double maxFlip() {
    return maxFlip;
  }

  Duration effectTimeout() {
    return effectTimeout;
  }

  /** Whether what would change is counted. */
  boolean isCounted() {
    return !effectTimeout.isZero();
  }

  /**
   * @throws ParameterException saying what to write
   */
  void check(CommandSpec spec) {
    if (!(maxFlip >= 0 && maxFlip <= 1)) {
      throw new ParameterException(
          spec.commandLine(), "--maxFlip is %s; write a share from 0 to 1".formatted(maxFlip));
    }
    checkTimeout(spec, effectTimeout);
  }

  static void checkTimeout(CommandSpec spec, Duration timeout) {
    if (timeout.isNegative()
        || timeout.compareTo(LONGEST) > 0
        || (!timeout.isZero() && timeout.toMillis() == 0)) {
      throw new ParameterException(
          spec.commandLine(),
          "--effectTimeout is %s; write PT0S, or up to %s".formatted(timeout, LONGEST));
    }
  }
}
