package io.shelfcast.outcomes;

import io.shelfcast.run.DatabaseOptions;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.DefaultValueFactory;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;
import org.jspecify.annotations.Nullable;

/** What outcomes are held against which scores. */
public interface OutcomeOptions extends DatabaseOptions {

  @Description(
      "Files of outcomes, Parquet or CSV (.gz allowed), with store_id, product_id, ordered_at, found"
          + " and order_id (without it, nobody can tell a repeated outcome): a path or glob, local"
          + " or gs://; several by comma.")
  @Validation.Required
  List<String> getOutcomes();

  void setOutcomes(List<String> value);

  @Description(
      "Score files, Parquet or CSV (.gz allowed), of all the time that the outcomes are of: a path"
          + " or glob, local or gs://; several by comma.")
  @Validation.Required
  List<String> getScores();

  void setScores(List<String> value);

  @Description(
      "Columns of score files with other names than the contract's, as"
          + " store_id=STORE,scored_at=MADE_AT.")
  @Nullable List<String> getColumns();

  void setColumns(@Nullable List<String> value);

  @Description(
      "What makes segments, most important first: any of category, popularityTier, city, region,"
          + " retailer, storeId, hourBand, by what segments load has loaded. None: one segment.")
  @Nullable List<String> getBy();

  void setBy(@Nullable List<String> value);

  @Description(
      "How exactly times are known: of orders and of scores they are cut to this before they are"
          + " compared, as PT1H for outcomes that are known to the hour. Default: to the microsecond.")
  @Default.InstanceFactory(Exact.class)
  Duration getTimeResolution();

  void setTimeResolution(Duration value);

  @Description("Folder for what is written, local or gs://; what is there is written over.")
  @Nullable String getOutput();

  void setOutput(@Nullable String value);

  /** PT0S. */
  final class Exact implements DefaultValueFactory<Duration> {
    @Override
    public Duration create(PipelineOptions options) {
      return Duration.ZERO;
    }
  }
}
