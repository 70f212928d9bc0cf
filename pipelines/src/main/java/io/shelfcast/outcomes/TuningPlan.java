package io.shelfcast.outcomes;

import io.shelfcast.policy.PolicyJson;
import io.shelfcast.policy.SegmentAttribute;
import io.shelfcast.policy.ThresholdRule;
import io.shelfcast.tuning.TuningTargets;
import java.io.Serializable;
import java.util.List;

/**
 * What is to be tuned.
 *
 * @param modelVersion whose thresholds
 * @param foundRate of what is shown
 * @param lowFoundRate of what is in stock
 * @param minEvidence outcomes that a segment needs
 * @param attributes what makes segments
 * @param rulesInForceJson of the policy that the tuned thresholds are put into
 * @param policyInForce its number
 * @param output where the results go
 */
record TuningPlan(
    String modelVersion,
    double foundRate,
    double lowFoundRate,
    long minEvidence,
    List<SegmentAttribute> attributes,
    String rulesInForceJson,
    int policyInForce,
    OutputFolder output)
    implements Serializable {

  static final String POLICY_FILE = "policy.yaml";
  static final String REPORT_FILE = "report.html";

  List<ThresholdRule> rulesInForce() {
    return PolicyJson.read(rulesInForceJson);
  }

  TuningTargets targets() {
    return new TuningTargets(foundRate, lowFoundRate, minEvidence);
  }

  String policyFile() {
    return output.pathOf(POLICY_FILE);
  }

  String reportFile() {
    return output.pathOf(REPORT_FILE);
  }
}
