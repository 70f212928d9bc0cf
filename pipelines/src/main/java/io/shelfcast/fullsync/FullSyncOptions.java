package io.shelfcast.fullsync;

import io.shelfcast.run.DatabaseOptions;
import io.shelfcast.snowflake.SnowflakeOptions;
import io.shelfcast.transforms.OnUnknownModel;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.DefaultValueFactory;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** Options of {@link FullSyncPipeline}. */
public interface FullSyncOptions extends DatabaseOptions, GateOptions, SnowflakeOptions {

  @Description(
      "Score files, Parquet or CSV (.gz allowed): a path or glob, local or gs://; several by comma."
          + " Or say --snowflakeTable or --snowflakeQuery.")
  @Nullable List<String> getInput();

  void setInput(@Nullable List<String> value);

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

  @Description(
      "How to write. merge: upserts any set of rows. snapshot: the input is the complete set of one"
          + " model version and replaces it at once; rows that it lacks are gone, unless newer."
          + " auto: snapshot where that pays, merge otherwise, and says why.")
  @Default.Enum("merge")
  WriteMode getWriteMode();

  void setWriteMode(WriteMode value);

  @Description(
      "The input has every score of its model versions: --writeMode=auto may take a snapshot, and"
          + " the quality gate looks for rows and stores that are missing.")
  @Default.Boolean(false)
  boolean isInputIsComplete();

  void setInputIsComplete(boolean value);

  @Description(
      "With --writeMode=merge: leave a newer score out (it counts as kept) when it differs by less"
          + " than this from a row that is less than --touchAfter older. 0 writes all.")
  @Default.Double(0)
  double getMinScoreChange();

  void setMinScoreChange(double value);

  @Description("How much newer a score is written however little it differs, as ISO 8601.")
  @Default.InstanceFactory(SixHours.class)
  Duration getTouchAfter();

  void setTouchAfter(Duration value);

  @Description(
      "Greatest number of parts of the input that are read and written at once, over all workers."
          + " 0: as many as the workers have threads for.")
  @Default.Integer(0)
  int getShards();

  void setShards(int value);

  @Description("How far in the future scored_at may be before a row is rejected, as ISO 8601.")
  @Default.InstanceFactory(FiveMinutes.class)
  Duration getMaxFutureSkew();

  void setMaxFutureSkew(Duration value);

  @Description("Greatest number of rows of one batch, which is one transaction.")
  @Default.Integer(20_000)
  int getBatchSize();

  void setBatchSize(int value);

  /** PT6H. */
  final class SixHours implements DefaultValueFactory<Duration> {
    @Override
    public Duration create(PipelineOptions options) {
      return Duration.ofHours(6);
    }
  }
}
