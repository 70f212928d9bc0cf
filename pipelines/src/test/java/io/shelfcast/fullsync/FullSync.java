package io.shelfcast.fullsync;

import io.shelfcast.domain.RowCounts;
import io.shelfcast.replay.ReplayOptions;
import io.shelfcast.replay.ReplayPipeline;
import io.shelfcast.run.RunListener;
import io.shelfcast.run.RunResult;
import io.shelfcast.store.RunStatus;
import io.shelfcast.store.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** Runs the pipelines as their main classes do, on DirectRunner. */
public final class FullSync {

  private FullSync() {}

  /** A full sync that has to succeed; what became of its rows. */
  public static RowCounts sync(TestDatabase database, String... arguments) {
    return counts(run(database, arguments));
  }

  /** A full sync. */
  public static RunResult run(TestDatabase database, String... arguments) {
    return FullSyncPipeline.run(
        PipelineOptionsFactory.fromArgs(withDatabase(database, arguments))
            .withValidation()
            .as(FullSyncOptions.class),
        RunListener.SILENT);
  }

  /** A replay that has to succeed; what became of its rows. */
  public static RowCounts replay(TestDatabase database, String... arguments) {
    return counts(
        ReplayPipeline.run(
            PipelineOptionsFactory.fromArgs(withDatabase(database, arguments))
                .withValidation()
                .as(ReplayOptions.class),
            RunListener.SILENT));
  }

  private static RowCounts counts(RunResult result) {
    if (result.summary().status() != RunStatus.SUCCEEDED) {
      throw new AssertionError(result.summary().toString(), result.failure());
    }
    return result.summary().counts();
  }

  private static String[] withDatabase(TestDatabase database, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (all.stream().noneMatch(argument -> argument.startsWith("--jdbcUrl="))) {
      all.add("--jdbcUrl=" + database.config().jdbcUrl());
    }
    all.add("--jdbcUser=" + database.config().user());
    return all.toArray(new String[0]);
  }
}
