package io.shelfcast.local;

import io.shelfcast.local.PolicyRelease.Terms;
import io.shelfcast.policy.SegmentAttribute;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of whatever publishes a policy. */
final class PublishArguments {

  @Option(
      names = "--author",
      paramLabel = "NAME",
      description = "Who publishes it. Default: the user of the operating system.")
  private @Nullable String author;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
  private @Nullable String reason;

  @Option(names = "--yes", description = "Do not ask. Without a terminal it is never asked.")
  private boolean isConfirmed;

  @Option(
      names = "--force",
      description = "Publish it even if it changes more than --maxFlip, or what is not counted.")
  private boolean isForced;

  @Mixin private EffectArguments limits = new EffectArguments();

  @Mixin private DatabaseArguments database = new DatabaseArguments();

  DatabaseArguments database() {
    return database;
  }

  Confirmation or(Confirmation asked) {
    return isConfirmed ? question -> true : asked;
  }

  /**
   * What they come to.
   *
   * @param rollbackTo null: the rules are new
   * @throws ParameterException saying what to write
   */
  Terms terms(CommandSpec spec, @Nullable Integer rollbackTo) {
    limits.check(spec);
    if (!limits.isCounted() && !isForced) {
      throw new ParameterException(
          spec.commandLine(),
          "--effectTimeout=PT0S counts nothing that --maxFlip could guard; write --force with it");
    }
    String why =
        reason == null && rollbackTo != null ? "rollback to %d".formatted(rollbackTo) : reason;
    checkText("--author", author);
    checkText("--reason", why);
    return new Terms(
        limits.maxFlip(),
        limits.effectTimeout(),
        isForced,
        author == null ? System.getProperty("user.name") : author,
        why,
        rollbackTo);
  }

  private static void checkText(String option, @Nullable String text) {
    if (text != null) {
      SegmentAttribute.checkCharacters(option, text);
    }
  }
}
