package io.shelfcast.local;

import io.shelfcast.policy.InvalidPolicyException;
import io.shelfcast.policy.PolicyYaml;
import io.shelfcast.policy.ThresholdPolicy;
import io.shelfcast.policy.ThresholdRule;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A policy in YAML, as the user names it. */
final class PolicyFile {

  private PolicyFile() {}

  /**
   * Its rules, which can stand together.
   *
   * @throws IllegalArgumentException naming the file, the line, and what to write instead
   */
  static List<ThresholdRule> read(Path file) throws IOException {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new IllegalArgumentException(
          "there is no file '%s' that can be read; write the path of a policy in YAML"
              .formatted(file));
    }
    try {
      List<ThresholdRule> rules = PolicyYaml.read(Files.readString(file));
      // Whether they can stand together is no matter of the database either.
      return new ThresholdPolicy(1, rules).rules();
    } catch (MalformedInputException e) {
      throw new IllegalArgumentException(
          "%s is no text in UTF-8; write the policy so".formatted(file), e);
    } catch (InvalidPolicyException e) {
      throw new IllegalArgumentException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }
}
