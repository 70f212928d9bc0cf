package io.shelfcast.replay;

import io.shelfcast.refresh.ScoringOptions;
import io.shelfcast.run.DatabaseOptions;
import io.shelfcast.transforms.OnUnknownModel;
import java.time.Duration;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.jspecify.annotations.Nullable;

/** Options of {@link ReplayPipeline}. */
public interface ReplayOptions extends DatabaseOptions, ScoringOptions {

  @Description("Replay only the dead letters with this reason, as model_version_unknown.")
  @Nullable String getReason();

  void setReason(@Nullable String value);

  @Description("Model version of rows that name none.")
  @Nullable String getModelVersion();

  void setModelVersion(@Nullable String value);

  @Description("What to do with rows of a model version that is not registered.")
  @Default.Enum("reject")
  OnUnknownModel getOnUnknownModel();

  void setOnUnknownModel(OnUnknownModel value);

  @Description("How far in the future scored_at may be before a row is rejected, as ISO 8601.")
  @Default.InstanceFactory(FiveMinutes.class)
  Duration getMaxFutureSkew();

  void setMaxFutureSkew(Duration value);
}
