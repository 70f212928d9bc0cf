package io.shelfcast.outcomes;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Validation;
import org.jspecify.annotations.Nullable;

/** Options of {@link TunePipeline}. */
public interface TuneOptions extends OutcomeOptions {

  @Description("Model version whose thresholds are tuned; of score files without that column, too.")
  @Validation.Required
  String getModelVersion();

  void setModelVersion(String value);

  @Description(
      "Share of what is shown that is to be found at the least, above 0 and up to 1; sets out.")
  @Validation.Required
  Double getTargetFoundRate();

  void setTargetFoundRate(Double value);

  @Description(
      "Share of what is in stock that is to be found at the least; sets low. Default: halfway from"
          + " --targetFoundRate to 1.")
  @Nullable Double getLowFoundRate();

  void setLowFoundRate(@Nullable Double value);

  @Description(
      "Outcomes that a segment needs for thresholds of its own; with fewer it has its parent's."
          + " Those of the parent count as so many in each segment that has its own.")
  @Default.Integer(300)
  int getMinEvidence();

  void setMinEvidence(int value);
}
