package io.shelfcast.outcomes;

import java.util.List;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Validation;

/** Options of {@link ComparePipeline}. */
public interface CompareOptions extends OutcomeOptions {

  @Description("The two model versions: the one that is live, then the one that may become so.")
  @Validation.Required
  List<String> getModels();

  void setModels(List<String> value);

  @Description(
      "Found rate at which the segments are compared, above 0 and up to 1; everything together is"
          + " compared at several.")
  @Default.Double(0.9)
  double getTargetFoundRate();

  void setTargetFoundRate(double value);

  @Description("Outcomes that a segment needs to be compared.")
  @Default.Integer(300)
  int getMinEvidence();

  void setMinEvidence(int value);
}
