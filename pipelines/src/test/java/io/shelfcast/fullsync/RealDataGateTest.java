package io.shelfcast.fullsync;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import io.shelfcast.domain.InputSize;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.quality.BatchProfile;
import io.shelfcast.quality.Extent;
import io.shelfcast.quality.GateCheck;
import io.shelfcast.quality.GateLimits;
import io.shelfcast.quality.GateVerdict;
import io.shelfcast.quality.QualityGate;
import io.shelfcast.quality.RowRules;
import io.shelfcast.store.RunLedger;
import io.shelfcast.store.RunProfiles;
import io.shelfcast.store.Runs;
import io.shelfcast.store.SharedData;
import io.shelfcast.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gate makes of real scores, and of what may go wrong with them. */
class RealDataGateTest {

  private static final GateLimits DEFAULTS = new GateLimits(0.01, 0.2, 0.001, 0.25, null, 1000);
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final TestDatabase test = TestDatabase.create();
  private final RunProfiles ledger = new RunProfiles(test.database());

  @ParameterizedTest
  @ValueSource(strings = {"general-v1", "realtime-v2"})
  void everySnapshotPassesOneAfterTheOther(String model) throws IOException {
    for (Path snapshot : snapshots(model)) {
      assertThat(snapshot.toString(), failed(sync(profile(snapshot, Rows.AS_THEY_ARE))), empty());
    }
  }

  @Test
  void theSameSnapshotOnceMorePassesAndSoDoesAnOldOne() throws IOException {
    List<Path> snapshots = snapshots("realtime-v2");
    for (int snapshot : new int[] {0, 1, 2, 2, 1, 0, 20, 5, 2}) {
      assertThat(failed(sync(profile(snapshots.get(snapshot), Rows.AS_THEY_ARE))), empty());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 20})
  void whatWentWrongIsRefusedWhateverTheTimeOfDay(int damaged) throws IOException {
    List<Path> snapshots = snapshots("general-v1");
    for (Path snapshot : snapshots.subList(0, damaged)) {
      sync(profile(snapshot, Rows.AS_THEY_ARE));
    }
    Path next = snapshots.get(damaged);
    int[] someStores = new int[1];

    assertThat(
        judge(
            profile(
                next,
                (batch, row, out) -> {
                  if (batch.storeId(row) % 2 == 0) {
                    Rows.AS_THEY_ARE.of(batch, row, out);
                  }
                })),
        hasItem("row_drop"));
    assertThat(
        judge(
            profile(
                next,
                (batch, row, out) -> {
                  if (batch.storeId(row) != 7 || someStores[0]++ % 2 == 0) {
                    Rows.AS_THEY_ARE.of(batch, row, out);
                  }
                })),
        hasItem("stores_short"));
    assertThat(
        judge(profile(next, Rows.scored(score -> score / 2))), hasItem("distribution_shift"));
    assertThat(judge(profile(next, Rows.scored(score -> 0.5))), hasItem("constant_scores"));
    assertThat(judge(profile(next, Rows.SWAPPED)), hasItem("stores_short"));
  }

  @Test
  void anotherModelsScoresUnderItsNameAreRefusedOnceThereIsARunOfTheSameTimeOfDay()
      throws IOException {
    List<Path> snapshots = snapshots("general-v1");
    List<Path> others = snapshots("realtime-v2");
    for (int snapshot = 0; snapshot < 21; snapshot++) {
      if (snapshot >= 3) {
        assertThat(
            judge(profile(others.get(snapshot), Rows.AS_THEY_ARE)),
            is(List.of("distribution_shift")));
      }
      sync(profile(snapshots.get(snapshot), Rows.AS_THEY_ARE));
    }
  }

  @Test
  void columnsSwappedAreRefusedEvenIfNobodySaysThatTheInputIsComplete() throws IOException {
    List<Path> snapshots = snapshots("realtime-v2");
    sync(profile(snapshots.get(0), Rows.AS_THEY_ARE));
    BatchProfile swapped = profile(snapshots.get(1), Rows.SWAPPED);

    assertThat(
        failed(judged(Runs.start(test.database()), swapped, Extent.PART)),
        is(List.of("store_shift")));
  }

  /** One row of a damaged input, made of one of the real one. */
  private interface Rows {
    Rows AS_THEY_ARE = scored(score -> score);

    /** The two columns of ids in each other's place. */
    Rows SWAPPED =
        (batch, row, out) ->
            out.add(
                row,
                batch.productId(row),
                batch.storeId(row),
                batch.score(row),
                batch.scoredAtMicros(row));

    static Rows scored(DoubleUnaryOperator score) {
      return (batch, row, out) ->
          out.add(
              row,
              batch.storeId(row),
              batch.productId(row),
              score.applyAsDouble(batch.score(row)),
              batch.scoredAtMicros(row));
    }

    void of(ScoreBatch batch, int row, ScoreBatch.Builder out);
  }

  private static BatchProfile profile(Path snapshot, Rows rows) throws IOException {
    BatchProfile profile = new BatchProfile();
    Consumer<ScoreBatch> add =
        batch -> {
          // All under one name, as somebody might label them.
          ScoreBatch.Builder out = ScoreBatch.builder("f", "general-v1", batch.size());
          for (int row = 0; row < batch.size(); row++) {
            rows.of(batch, row, out);
          }
          profile.add(out.build(UUID.randomUUID()));
        };
    ScoreFileReader.read(List.of(snapshot.toString()), new RowRules(Long.MAX_VALUE), add);
    return profile;
  }

  /** As a run that is said to be complete; kept in the ledger. */
  private List<GateCheck> sync(BatchProfile profile) {
    String runId = Runs.start(test.database());
    List<GateCheck> checks = judged(runId, profile, Extent.COMPLETE);
    ledger.record(
        new RunProfiles.Judged(runId, Extent.COMPLETE, 1000),
        profile,
        checks,
        GateVerdict.PASSED,
        null);
    new RunLedger(test.database()).succeed(runId, InputSize.NONE);
    return checks;
  }

  private List<String> judge(BatchProfile profile) {
    return failed(judged(Runs.start(test.database()), profile, Extent.COMPLETE));
  }

  private List<GateCheck> judged(String runId, BatchProfile profile, Extent extent) {
    RunProfiles.Judged run = new RunProfiles.Judged(runId, extent, 1000);
    return QualityGate.judge(
        profile,
        model -> ledger.baselines(run, model, profile.models().get(model)),
        "general-v1",
        extent,
        DEFAULTS,
        NOW);
  }

  private static List<String> failed(List<GateCheck> checks) {
    return checks.stream().filter(check -> !check.passed()).map(GateCheck::name).toList();
  }

  private static List<Path> snapshots(String model) throws IOException {
    try (Stream<Path> files = Files.list(SharedData.scores().resolve(model))) {
      List<Path> sorted = new ArrayList<>(files.sorted().toList());
      assertThat(sorted.size(), is(21));
      return sorted;
    }
  }
}
