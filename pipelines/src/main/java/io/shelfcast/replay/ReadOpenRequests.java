package io.shelfcast.replay;

import io.shelfcast.domain.InputKind;
import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.ModelVersion;
import io.shelfcast.domain.RefreshRequest;
import io.shelfcast.domain.RejectedRow;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.quality.RefreshRequestText;
import io.shelfcast.quality.Rejection;
import io.shelfcast.refresh.ItemsToScore;
import io.shelfcast.refresh.ItemsToScoreCoder;
import io.shelfcast.refresh.ReceivedRequest;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.DeadLetter;
import io.shelfcast.store.DeadLetters;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.transforms.Checked;
import io.shelfcast.transforms.RejectedRowsCoder;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/**
 * Gives out the refresh requests among the dead letters that are open when it starts, as items to
 * score. A letter of several items, or of no model version, is first split into letters of one
 * score each, so that each is applied, or rejected again, by itself.
 */
final class ReadOpenRequests extends PTransform<PBegin, Checked<ItemsToScore>> {
  private static final long serialVersionUID = 1L;

  private static final TupleTag<ItemsToScore> ACCEPTED = new TupleTag<>("accepted") {};
  private static final TupleTag<RejectedRows> REJECTED = new TupleTag<>("rejected") {};

  private static final int PAGE = 1000;

  private final DatabaseConfig database;
  private final String runId;
  private final Filter filter;

  private ReadOpenRequests(DatabaseConfig database, String runId, Filter filter) {
    this.database = database;
    this.runId = runId;
    this.filter = filter;
  }

  /**
   * Which letters, and what is made of them.
   *
   * @param reason only those with this reason; null: all
   * @param statuses of the model versions that are to score a request which names none
   * @param maxProducts the greatest number of products of one request
   * @param batchSize the greatest number of items that are scored together
   */
  record Filter(@Nullable String reason, List<ModelStatus> statuses, int maxProducts, int batchSize)
      implements Serializable {}

  static ReadOpenRequests from(DatabaseConfig database, String runId, Filter filter) {
    return new ReadOpenRequests(database, runId, filter);
  }

  @Override
  public Checked<ItemsToScore> expand(PBegin input) {
    PCollectionTuple read =
        input
            .apply("Start", Impulse.create())
            .apply(
                "Read pages",
                ParDo.of(new ReadPages(database, runId, filter))
                    .withOutputTags(ACCEPTED, TupleTagList.of(REJECTED)));
    // Replaying closes the letters, so a page cannot be read twice: it is kept before it is used.
    return Checked.of(
        PCollectionTuple.of(
                ACCEPTED,
                read.get(ACCEPTED)
                    .setCoder(ItemsToScoreCoder.of())
                    .apply("Keep items", Reshuffle.viaRandomKey()))
            .and(
                REJECTED,
                read.get(REJECTED)
                    .setCoder(RejectedRowsCoder.of())
                    .apply("Keep rejected", Reshuffle.viaRandomKey())),
        ACCEPTED,
        ItemsToScoreCoder.of(),
        REJECTED);
  }

  private static final class ReadPages extends DoFn<byte[], ItemsToScore> {
    private static final long serialVersionUID = 1L;

    private final DatabaseConfig database;
    private final String runId;
    private final Filter filter;

    ReadPages(DatabaseConfig database, String runId, Filter filter) {
      this.database = database;
      this.runId = runId;
      this.filter = filter;
    }

    @ProcessElement
    public void read(MultiOutputReceiver out) {
      DeadLetters letters = new DeadLetters(Database.shared(database));
      List<ModelVersion> versions =
          new ModelRegistry(Database.shared(database))
              .list().stream()
                  .filter(version -> filter.statuses().contains(version.status()))
                  .toList();
      forEachPage(
          letters, (page, request) -> page.forEach(l -> split(letters, l, request, versions)));
      forEachPage(letters, (page, request) -> giveOut(page, request, versions.isEmpty(), out));
    }

    private void forEachPage(
        DeadLetters letters, BiConsumer<List<DeadLetter>, RefreshRequestText> use) {
      RefreshRequestText request = new RefreshRequestText(filter.maxProducts());
      long upTo = letters.greatestId();
      long after = 0;
      while (true) {
        List<DeadLetter> page =
            letters.open(InputKind.REFRESH_REQUEST, after, upTo, filter.reason(), PAGE);
        if (page.isEmpty()) {
          return;
        }
        use.accept(page, request);
        after = page.get(page.size() - 1).id();
      }
    }

    private void split(
        DeadLetters letters,
        DeadLetter letter,
        RefreshRequestText text,
        List<ModelVersion> versions) {
      if (text.read(letter.payload()) != null || isOne(text.request())) {
        return;
      }
      RefreshRequest request = text.request();
      String named = request.modelVersion();
      List<String> names =
          named != null ? List.of(named) : versions.stream().map(ModelVersion::name).toList();
      List<RejectedRow> parts = new ArrayList<>();
      for (String name : names) {
        for (int i = 0; i < request.size(); i++) {
          RefreshRequest part =
              request.withProducts(new long[] {request.productId(i)}).ofModelVersion(name);
          parts.add(
              new RejectedRow(
                  InputKind.REFRESH_REQUEST,
                  letter.source(),
                  letter.position(),
                  RefreshRequestText.of(part),
                  letter.reason(),
                  letter.detail()));
        }
      }
      if (!parts.isEmpty()) {
        letters.split(runId, letter, parts);
      }
    }

    private static boolean isOne(RefreshRequest request) {
      return request.size() == 1 && request.modelVersion() != null;
    }

    private void giveOut(
        List<DeadLetter> page,
        RefreshRequestText text,
        boolean nobodyToAsk,
        MultiOutputReceiver out) {
      Map<String, List<ReceivedRequest>> byVersion = new LinkedHashMap<>();
      List<RejectedRow> rejected = new ArrayList<>();
      for (DeadLetter letter : page) {
        Rejection wrong = text.read(letter.payload());
        if (wrong == null && !isOne(text.request())) {
          if (!nobodyToAsk) {
            // It came after the others were split; the next replay has it.
            continue;
          }
          wrong =
              new Rejection.NothingToRefresh(
                  filter.statuses().stream()
                      .map(ModelStatus::word)
                      .collect(Collectors.joining(" or ")));
        }
        if (wrong != null) {
          rejected.add(
              wrong.rejectedRequest(ReadOpenDeadLetters.SOURCE, letter.id(), letter.payload()));
          continue;
        }
        String version = String.valueOf(text.request().modelVersion());
        List<ReceivedRequest> requests =
            byVersion.computeIfAbsent(version, name -> new ArrayList<>());
        requests.add(new ReceivedRequest(ReadOpenDeadLetters.SOURCE, letter.id(), text.request()));
        if (requests.size() == filter.batchSize()) {
          out.get(ACCEPTED).output(new ItemsToScore(version, requests));
          byVersion.remove(version);
        }
      }
      byVersion.forEach(
          (version, requests) -> out.get(ACCEPTED).output(new ItemsToScore(version, requests)));
      if (!rejected.isEmpty()) {
        String place =
            rejected.stream()
                .map(row -> String.valueOf(row.position()))
                .collect(Collectors.joining(","));
        out.get(REJECTED)
            .output(
                new RejectedRows(
                    ScoreBatch.idOf(ReadOpenDeadLetters.SOURCE, place, "rejected"), rejected));
      }
    }
  }
}
