package io.shelfcast.policy;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.ModelVersion;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyCoverageTest {

  private static final List<ModelVersion> VERSIONS =
      List.of(
          new ModelVersion((short) 1, "old", ModelStatus.RETIRED),
          new ModelVersion((short) 2, "live", ModelStatus.LIVE),
          new ModelVersion((short) 3, "next", ModelStatus.CANDIDATE),
          new ModelVersion((short) 4, "tried", ModelStatus.SHADOW));

  @Test
  void whatIsServedNeedsARuleForEachItem() {
    for (String covering :
        List.of(
            "{name: all, low: 0.7, out: 0.3}",
            "{name: a, model_version: live, low: 0.7, out: 0.3},"
                + " {name: b, model_version: next, low: 0.7, out: 0.3}")) {
      assertDoesNotThrow(() -> check(covering));
    }
    for (String leaving :
        List.of(
            "{name: a, model_version: live, low: 0.7, out: 0.3}",
            "{name: a, model_version: live, low: 0.7, out: 0.3}, {name: b, add_low: 0.1}",
            "{name: a, model_version: live, low: 0.7, out: 0.3},"
                + " {name: b, model_version: next, when: {city: x}, low: 0.7, out: 0.3},"
                + " {name: c, model_version: tried, low: 0.7, out: 0.3}")) {
      assertEquals(
          "no rule sets thresholds for every item of next, which is candidate; add a rule for all"
              + " model versions, such as '- {name: everywhere, low: 0.7, out: 0.3}', or one for"
              + " this version, with model_version: next and without when",
          assertThrows(InvalidPolicyException.class, () -> check(leaving)).getMessage());
    }
  }

  @Test
  void theBuiltInPolicyCoversEverything() {
    assertDoesNotThrow(() -> PolicyCoverage.check(ThresholdPolicy.BUILT_IN.rules(), VERSIONS));
  }

  private static void check(String rules) {
    PolicyCoverage.check(PolicyYaml.read("rules: [" + rules + "]"), VERSIONS);
  }
}
