package io.shelfcast.policy;

import io.shelfcast.domain.ModelVersion;
import io.shelfcast.policy.PolicyEffect.Line;
import io.shelfcast.policy.PolicyEffect.Shares;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The sums of an {@link EffectCount}: for each model version, and for each segment in it. */
final class EffectTallies {

  /** In place of a segment's number. */
  private static final int ALL = -1;

  private final List<Segment> segments;
  private final List<@Nullable String> surfaces;
  private final List<@Nullable String> bands;
  private final Map<Key, Tally> tallies = new LinkedHashMap<>();

  /**
   * @param segment its number, or {@link #ALL}
   * @param surface its position
   */
  private record Key(short version, int segment, int surface) {}

  /** Items, each once for each time of day that was looked at. */
  private static final class Tally {
    private final Map<Decision, Long> now = new EnumMap<>(Decision.class);
    private final Map<Decision, Long> after = new EnumMap<>(Decision.class);
    private long all;
    private long flips;

    void add(Decision is, Decision willBe, long items) {
      now.merge(is, items, Long::sum);
      after.merge(willBe, items, Long::sum);
      all += items;
      if (is != willBe) {
        flips += items;
      }
    }

    Shares shares(Map<Decision, Long> of) {
      return new Shares(
          share(of.getOrDefault(Decision.IN_STOCK, 0L)),
          share(of.getOrDefault(Decision.LOW, 0L)),
          share(of.getOrDefault(Decision.OUT, 0L)));
    }

    double share(long part) {
      return all == 0 ? 0 : (double) part / all;
    }
  }

  EffectTallies(
      List<Segment> segments, List<@Nullable String> surfaces, List<@Nullable String> bands) {
    this.segments = segments;
    this.surfaces = surfaces;
    this.bands = bands;
  }

  /**
   * Counts items in one situation.
   *
   * @param in the segments that they are in, as far as their store and product tell
   */
  void add(
      ModelVersion version,
      BitSet in,
      int surface,
      int band,
      Decision now,
      Decision after,
      long items) {
    tally(version, ALL, surface).add(now, after, items);
    for (int i = in.nextSetBit(0); i >= 0; i = in.nextSetBit(i + 1)) {
      Segment segment = segments.get(i);
      if (segment.isOf(version.name())
          && isOn(segment, surfaces.get(surface))
          && isAt(segment, bands.get(band))) {
        tally(version, i, surface).add(now, after, items);
      }
    }
  }

  /** A segment that names no surface is told as it is where none is said. */
  private static boolean isOn(Segment segment, @Nullable String surface) {
    Set<String> named = segment.values(SegmentAttribute.SURFACE);
    return surface == null ? named.isEmpty() : named.contains(surface);
  }

  private static boolean isAt(Segment segment, @Nullable String band) {
    Set<String> named = segment.values(SegmentAttribute.HOUR_BAND);
    return band == null || named.isEmpty() || named.contains(band);
  }

  private Tally tally(ModelVersion version, int segment, int surface) {
    return tallies.computeIfAbsent(new Key(version.id(), segment, surface), key -> new Tally());
  }

  PolicyEffect effect(List<ModelVersion> versions) {
    List<Line> ofVersions = new ArrayList<>();
    List<Line> ofSegments = new ArrayList<>();
    Tally worst = null;
    @Nullable String worstSurface = null;
    for (int surface = 0; surface < surfaces.size(); surface++) {
      Tally served = new Tally();
      for (ModelVersion version : versions) {
        Tally its = tallies.get(new Key(version.id(), ALL, surface));
        if (its != null) {
          ofVersions.add(line(version, ALL, surface, its));
          if (PolicyCoverage.isServed(version)) {
            served.all += its.all;
            served.flips += its.flips;
          }
        }
      }
      if (worst == null || served.share(served.flips) > worst.share(worst.flips)) {
        worst = served;
        worstSurface = surfaces.get(surface);
      }
    }
    Map<Short, ModelVersion> byId = new HashMap<>();
    versions.forEach(version -> byId.put(version.id(), version));
    tallies.forEach(
        (key, its) -> {
          ModelVersion version = byId.get(key.version());
          // What names nothing, or a surface only, stands among the versions.
          if (version != null
              && key.segment() != ALL
              && !segments.get(key.segment()).textWithoutSurface().isEmpty()) {
            ofSegments.add(line(version, key.segment(), key.surface(), its));
          }
        });
    ofSegments.sort(
        Comparator.comparingDouble((Line line) -> line.flips() * line.items())
            .thenComparingLong(Line::items)
            .reversed());
    return new PolicyEffect(
        worst == null ? 0 : worst.all / bands.size(),
        worst == null ? 0 : worst.share(worst.flips),
        worstSurface,
        ofVersions,
        ofSegments);
  }

  private Line line(ModelVersion version, int segment, int surface, Tally tally) {
    int times = bands.size();
    if (segment != ALL && bands.size() > 1) {
      int named = segments.get(segment).values(SegmentAttribute.HOUR_BAND).size();
      times = named == 0 ? times : named;
    }
    return new Line(
        version.name(),
        version.status(),
        segment == ALL ? "" : segments.get(segment).textWithoutSurface(),
        surfaces.get(surface),
        tally.all / times,
        tally.shares(tally.now),
        tally.shares(tally.after),
        tally.share(tally.flips));
  }
}
