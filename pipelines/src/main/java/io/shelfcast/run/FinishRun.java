package io.shelfcast.run;

import io.shelfcast.domain.InputSize;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.RunLedger;
import io.shelfcast.store.Snapshots;
import io.shelfcast.transforms.InputSizeCoder;
import io.shelfcast.transforms.Written;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * The last step of a run: when all that it read is durable, marks it as succeeded in the ledger,
 * provided that each row is accounted for. In the pipeline and not in the program that started it,
 * which may be long gone.
 */
public final class FinishRun extends PTransform<PCollection<InputSize>, PDone> {
  private static final long serialVersionUID = 1L;

  private static final InputSizeCoder CODER = InputSizeCoder.of();

  private final DatabaseConfig database;
  private final Ending ending;
  private final transient List<PCollection<?>> awaited;

  /** Ends a run, of which so much was read. Done again, it finds that it was done. */
  private interface Ending extends Serializable {
    void end(Database database, InputSize input);
  }

  private FinishRun(DatabaseConfig database, Ending ending, List<PCollection<?>> awaited) {
    this.database = database;
    this.ending = ending;
    this.awaited = awaited;
  }

  /** Ends a run whose rows are where they belong, or that the quality gate refused. */
  public static FinishRun of(DatabaseConfig database, String runId) {
    return new FinishRun(
        database, (shared, input) -> new RunLedger(shared).succeed(runId, input), List.of());
  }

  /**
   * Ends a run by swapping in the snapshot that it has loaded, unless the quality gate refused it.
   *
   * @param modelVersion the only one that its rows may be of; null: whichever it is
   */
  public static FinishRun bySwappingIn(
      DatabaseConfig database, String runId, @Nullable String modelVersion) {
    return new FinishRun(
        database,
        (shared, input) -> new Snapshots(shared).swapIn(runId, modelVersion, input),
        List.of());
  }

  /** After these writes. */
  public FinishRun after(Written scores, Written deadLetters) {
    return and(scores.counts()).and(deadLetters.counts());
  }

  /**
   * And after this: there may be nothing to write, and the end must not come before the verdict.
   */
  public FinishRun and(PCollection<?> another) {
    List<PCollection<?>> all = new ArrayList<>(awaited);
    all.add(another);
    return new FinishRun(database, ending, all);
  }

  /** Takes what the run's sources gave out. */
  @Override
  public PDone expand(PCollection<InputSize> read) {
    // One sum over what was read and, as nothing, over what was written: it comes when all of that
    // has. Waiting on each by itself would take an engine three times as many steps.
    PCollectionList<InputSize> all = PCollectionList.of(read);
    for (PCollection<?> done : awaited) {
      all = all.and(nothing("Is done " + all.size(), done));
    }
    all.and(read.getPipeline().apply("Even if nothing", Create.of(InputSize.NONE).withCoder(CODER)))
        .apply("All of it", Flatten.pCollections())
        .apply("Sum input", Combine.globally(FinishRun::sum).withoutDefaults())
        .setCoder(CODER)
        .apply("Mark succeeded", ParDo.of(new End(database, ending)));
    return PDone.in(read.getPipeline());
  }

  private static <T> PCollection<InputSize> nothing(String step, PCollection<T> done) {
    return done.apply(
            step,
            MapElements.into(TypeDescriptor.of(InputSize.class)).via((T each) -> InputSize.NONE))
        .setCoder(CODER);
  }

  private static InputSize sum(Iterable<InputSize> sizes) {
    InputSize sum = InputSize.NONE;
    for (InputSize size : sizes) {
      sum = sum.plus(size);
    }
    return sum;
  }

  private static final class End extends DoFn<InputSize, Void> {
    private static final long serialVersionUID = 1L;

    private final DatabaseConfig database;
    private final Ending ending;

    End(DatabaseConfig database, Ending ending) {
      this.database = database;
      this.ending = ending;
    }

    @ProcessElement
    public void end(@Element InputSize input) {
      ending.end(Database.shared(database), input);
    }
  }
}
