package io.shelfcast.policy;

import io.shelfcast.domain.ModelVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Counts items by what two policies make of them, without seeing one: an item is known by its
 * <em>combination</em>, of a model version, a kind of stores and a kind of products, and by the
 * {@link #cuts} of that which its score has reached. All scores between two cuts mean the same in
 * both policies, on each surface and at each time of day, so what they mean is asked of {@link
 * Thresholds#decide} once, for the cut itself.
 */
public final class EffectCount {

  /** Some 50 MB here and as parameters of a statement. */
  static final int MAX_COMBINATIONS = 500_000;

  /** Some seconds. */
  static final int MAX_EVALUATIONS = 5_000_000;

  private final List<Segment> segments;
  private final ItemKinds<PolicyComparison.Store> stores;
  private final ItemKinds<ProductAttributes> products;
  private final List<ModelVersion> versions;

  /** Null, for a request that says none, first; then those that a rule names. */
  private final List<@Nullable String> surfaces = new ArrayList<>();

  /** All four, or one null if no rule names any. */
  private final List<@Nullable String> bands = new ArrayList<>();

  private final List<Case> cases = new ArrayList<>();
  private final EffectTallies tallies;

  /** A surface at a time of day, as both policies judge it. */
  private record Situation(Evaluation now, Evaluation after) {}

  /** What both policies say of a combination in one situation. */
  private record Pair(Thresholds now, Thresholds after) {}

  /**
   * What a combination comes to.
   *
   * @param pairs for each surface, and each time of day on it
   * @param cuts all thresholds of them, ascending
   */
  private record Case(List<Pair> pairs, List<Float> cuts) {
    static Case of(List<Pair> pairs) {
      Set<Float> cuts = new TreeSet<>();
      for (Pair pair : pairs) {
        for (Thresholds each : List.of(pair.now(), pair.after())) {
          cuts.add((float) each.low());
          cuts.add((float) each.out());
        }
      }
      return new Case(pairs, List.copyOf(cuts));
    }
  }

  EffectCount(
      CompiledPolicy now,
      CompiledPolicy after,
      List<Segment> segments,
      ItemKinds<PolicyComparison.Store> stores,
      ItemKinds<ProductAttributes> products,
      List<ModelVersion> versions) {
    this.segments = segments;
    this.stores = stores;
    this.products = products;
    this.versions = List.copyOf(versions);
    surfaces.add(null);
    surfaces.addAll(named(SegmentAttribute.SURFACE));
    if (named(SegmentAttribute.HOUR_BAND).isEmpty()) {
      bands.add(null);
    } else {
      for (HourBand band : HourBand.values()) {
        bands.add(band.word());
      }
    }
    long combinations = (long) versions.size() * stores.size() * products.size();
    if (combinations > MAX_COMBINATIONS
        || combinations * surfaces.size() * bands.size() > MAX_EVALUATIONS) {
      throw new IllegalStateException(
          ("the two policies tell %,d kinds of items apart, on %d surfaces, which is too much to"
                  + " count; let rules name fewer stores and categories together, or publish"
                  + " uncounted, with --force --effectTimeout=PT0S")
              .formatted(combinations, surfaces.size()));
    }
    this.tallies = new EffectTallies(segments, surfaces, bands);
    Map<List<Pair>, Case> known = new HashMap<>();
    for (ModelVersion version : versions) {
      addCases(now, after, version.name(), known);
    }
  }

  private Set<String> named(SegmentAttribute attribute) {
    Set<String> named = new TreeSet<>();
    segments.forEach(segment -> named.addAll(segment.values(attribute)));
    return named;
  }

  private void addCases(
      CompiledPolicy now, CompiledPolicy after, String version, Map<List<Pair>, Case> known) {
    List<Situation> situations = new ArrayList<>();
    for (@Nullable String surface : surfaces) {
      for (@Nullable String band : bands) {
        Map<SegmentAttribute, String> said = new EnumMap<>(SegmentAttribute.class);
        if (surface != null) {
          said.put(SegmentAttribute.SURFACE, surface);
        }
        if (band != null) {
          said.put(SegmentAttribute.HOUR_BAND, band);
        }
        // The time makes no difference: where it would, the time of day is said.
        situations.add(
            new Situation(
                now.forRequest(version, said, Instant.EPOCH),
                after.forRequest(version, said, Instant.EPOCH)));
      }
    }
    for (int store = 0; store < stores.size(); store++) {
      PolicyComparison.Store its = stores.example(store);
      for (int product = 0; product < products.size(); product++) {
        ProductAttributes of = products.example(product);
        List<Pair> pairs = new ArrayList<>(situations.size());
        for (Situation situation : situations) {
          pairs.add(
              new Pair(
                  situation.now().thresholds(its.id(), its.attributes(), of),
                  situation.after().thresholds(its.id(), its.attributes(), of)));
        }
        cases.add(known.computeIfAbsent(pairs, Case::of));
      }
    }
  }

  /** How many combinations there are; they are numbered from 0. */
  public int combinations() {
    return cases.size();
  }

  /** How many combinations a model version has, whose numbers follow one another. */
  public int combinationsOfVersion() {
    return stores.size() * products.size();
  }

  /**
   * How many kinds of products there are, by which the number of a kind of stores is multiplied.
   */
  public int productKinds() {
    return products.size();
  }

  /** The scores at which an item of a combination may become another decision, ascending. */
  public List<Float> cuts(int combination) {
    return cases.get(combination).cuts();
  }

  /**
   * Counts items of a combination.
   *
   * @param reached how many of its cuts their score is not below
   * @param items how many there are
   */
  public void add(int combination, int reached, long items) {
    Case its = cases.get(combination);
    float score = reached == 0 ? Float.NEGATIVE_INFINITY : its.cuts().get(reached - 1);
    ModelVersion version = versions.get(combination / combinationsOfVersion());
    int kinds = combination % combinationsOfVersion();
    BitSet in = (BitSet) stores.segments(kinds / products.size()).clone();
    in.and(products.segments(kinds % products.size()));
    int situation = 0;
    for (int surface = 0; surface < surfaces.size(); surface++) {
      for (int band = 0; band < bands.size(); band++, situation++) {
        Pair pair = its.pairs().get(situation);
        tallies.add(
            version,
            in,
            surface,
            band,
            pair.now().decide(score),
            pair.after().decide(score),
            items);
      }
    }
  }

  /** What was counted. */
  public PolicyEffect effect() {
    return tallies.effect(versions);
  }
}
