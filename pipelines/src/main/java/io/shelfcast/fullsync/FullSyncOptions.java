package io.shelfcast.fullsync;

import io.shelfcast.run.DatabaseOptions;
import io.shelfcast.transforms.OnUnknownModel;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Validation;
import org.jspecify.annotations.Nullable;

/** Options of {@link FullSyncPipeline}. */
public interface FullSyncOptions extends DatabaseOptions {

  @Description(
      "Score files, Parquet or CSV (.gz allowed): a path or glob, local or gs://; several by comma.")
  @Validation.Required
  List<String> getInput();

  void setInput(List<String> value);

  @Description("Columns with other names than the contract's, as store_id=STORE,scored_at=MADE_AT.")
  @Nullable List<String> getColumns();

  void setColumns(@Nullable List<String> value);

  @Description("Model version of rows that name none.")
  @Nullable String getModelVersion();

  void setModelVersion(@Nullable String value);

  @Description("What to do with rows of a model version that is not registered.")
  @Default.Enum("register")
  OnUnknownModel getOnUnknownModel();

  void setOnUnknownModel(OnUnknownModel value);

  @Description("How to write: merge upserts the rows.")
  @Default.Enum("merge")
  WriteMode getWriteMode();

  void setWriteMode(WriteMode value);

  @Description("How far in the future scored_at may be before a row is rejected, as ISO 8601.")
  @Default.InstanceFactory(FiveMinutes.class)
  Duration getMaxFutureSkew();

  void setMaxFutureSkew(Duration value);

  @Description("Greatest number of rows of one batch, which is one transaction.")
  @Default.Integer(20_000)
  int getBatchSize();

  void setBatchSize(int value);
}
