package io.shelfcast.fullsync;

import io.shelfcast.run.RunListener;
import io.shelfcast.snowflake.PlannedUnload;
import io.shelfcast.snowflake.ReadWindow;
import io.shelfcast.snowflake.SnowflakeException;
import io.shelfcast.snowflake.SnowflakeFormat;
import io.shelfcast.snowflake.SnowflakeInput;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.Watermarks;
import org.apache.beam.sdk.Pipeline;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table or query in Snowflake.
 *
 * @param input which
 * @param database the ledger that knows up to when it has been read
 * @param files the settings of score files, which hold for its rows as well
 * @param shards how many parts may be worked on at once; 0: as the runner has it
 * @param batchSize the greatest number of rows of a batch
 */
record SnowflakeSource(
    SnowflakeInput input, DatabaseConfig database, ScoreFiles files, int shards, int batchSize)
    implements ScoreSource {

  private static final Logger LOG = LoggerFactory.getLogger(SnowflakeSource.class);

  @Override
  public String name() {
    return input.name();
  }

  @Override
  public boolean isIncremental() {
    return input.isIncremental();
  }

  @Override
  public long aboutHowManyRows() {
    try {
      return input.countRows();
    } catch (SnowflakeException e) {
      LOG.warn("cannot tell how many rows the input has: {}", e.getMessage());
      return 0;
    }
  }

  @Override
  public Reading read(Pipeline pipeline, String runId, RunListener listener) {
    Watermarks watermarks = new Watermarks(Database.shared(database));
    @Nullable String modelVersion = files.defaultModelVersion();
    PlannedUnload plan =
        input.plan(
            watermarks.last(name(), modelVersion).orElse(null),
            files.mapping()::nameOf,
            modelVersion != null);
    ReadWindow window = plan.window();
    watermarks.enter(runId, window.from(), window.to(), input.overlap(), plan.decision());
    if (plan.decision() != null) {
      LOG.info(plan.decision());
      listener.decided(plan.decision());
    }
    LOG.info("reading {} from {} to {}", name(), window.from(), window.to());
    return new Reading(rows(pipeline, plan, runId), window.from() != null);
  }

  private ReadScores.Result rows(Pipeline pipeline, PlannedUnload plan, String runId) {
    return plan.format() == SnowflakeFormat.parquet
        ? pipeline.apply(
            "Unload to Parquet",
            new ReadParquetUnload(plan, runId, files.unloadOf(name()), shards, batchSize))
        : pipeline.apply(
            "Unload to CSV",
            new ReadCsvUnload(
                plan, name(), files.rules(), files.defaultModelVersion(), shards, batchSize));
  }
}
