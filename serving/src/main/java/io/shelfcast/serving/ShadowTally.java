package io.shelfcast.serving;

import io.shelfcast.comparison.ComparedItems;
import io.shelfcast.domain.ModelVersion;
import io.shelfcast.policy.Decision;
import io.shelfcast.policy.ProductAttributes;
import io.shelfcast.policy.SegmentTable;
import io.shelfcast.store.FoundScores;
import io.shelfcast.store.ShadowCount;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What has been compared since it was last recorded. For one thread. */
final class ShadowTally {

  /** Some 10 MB; reached only when nothing can be recorded for long. */
  private static final int MAX_COUNTS = 10_000;

  private record Key(short liveId, short candidateId, int policyVersion, String segment) {}

  private final Map<Key, ShadowCount> counts = new HashMap<>();
  private CategorySegments segments =
      CategorySegments.of(new SegmentTable.Builder<>(ProductAttributes.UNKNOWN).build());

  /** Which table those are of, without holding one that is not in use any more. */
  private WeakReference<SegmentTable<ProductAttributes>> products = new WeakReference<>(null);

  /** Whether another read can be added. */
  boolean hasRoom() {
    return counts.size() < MAX_COUNTS;
  }

  /**
   * Adds a read.
   *
   * @param answer what was answered, by the live version
   * @param found what the candidate would have answered with
   * @param decisions what it would have decided
   */
  void add(
      RequestPolicy judged,
      ModelVersion live,
      ReadAnswer answer,
      ModelVersion candidate,
      FoundScores found,
      Decision[] decisions) {
    CategorySegments categories = segments(judged.state().products());
    for (int i = 0; i < answer.size(); i++) {
      Key key =
          new Key(
              live.id(), candidate.id(), answer.policyVersion(), categories.of(judged.category(i)));
      ComparedItems items = counts.computeIfAbsent(key, ShadowTally::none).items();
      if (answer.hasScore(i) && found.isFound(i)) {
        items.add(answer.decision(i), answer.score(i), decisions[i], found.score(i));
      } else {
        items.addMissing(answer.decision(i), decisions[i]);
      }
    }
  }

  private static ShadowCount none(Key key) {
    return new ShadowCount(
        key.liveId(), key.candidateId(), key.policyVersion(), key.segment(), new ComparedItems());
  }

  private CategorySegments segments(SegmentTable<ProductAttributes> now) {
    if (products.get() != now) {
      segments = CategorySegments.of(now);
      products = new WeakReference<>(now);
    }
    return segments;
  }

  Collection<ShadowCount> counts() {
    return List.copyOf(counts.values());
  }

  void clear() {
    counts.clear();
  }
}
