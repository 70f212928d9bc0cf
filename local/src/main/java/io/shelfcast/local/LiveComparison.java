package io.shelfcast.local;

import com.fasterxml.jackson.core.JsonGenerator;
import io.shelfcast.comparison.ComparedItems;
import io.shelfcast.policy.Decision;
import io.shelfcast.store.ShadowCount;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What reads of the live version would have been answered by another one, told for people and as
 * JSON.
 *
 * @param since the beginning of the first hour
 * @param all all items
 * @param segments those of each segment, those first that differ in the greatest share
 */
record LiveComparison(
    String candidate,
    String live,
    Instant since,
    List<Integer> policyVersions,
    ComparedItems all,
    List<Segment> segments) {

  /** Of fewer a share says little; they come last, and are told in the JSON alone. */
  private static final int FEW = 100;

  private static final int TOLD_SEGMENTS = 10;
  private static final List<Decision> DECISIONS =
      List.of(Decision.IN_STOCK, Decision.LOW, Decision.OUT, Decision.UNKNOWN);
  private static final List<Decision> OF_SCORES = DECISIONS.subList(0, 3);

  record Segment(String name, ComparedItems items) {
    private boolean isFew() {
      return items.scored() < FEW;
    }

    private double disagreement() {
      return items.scored() == 0 ? 0 : 1 - items.agreementRate();
    }
  }

  static LiveComparison of(String candidate, String live, Instant since, List<ShadowCount> counts) {
    ComparedItems all = new ComparedItems();
    Map<String, ComparedItems> segments = new TreeMap<>();
    for (ShadowCount count : counts) {
      all.add(count.items());
      segments.computeIfAbsent(count.segment(), none -> new ComparedItems()).add(count.items());
    }
    return new LiveComparison(
        candidate,
        live,
        since,
        counts.stream().map(ShadowCount::policyVersion).distinct().sorted().toList(),
        all,
        segments.entrySet().stream()
            .map(segment -> new Segment(segment.getKey(), segment.getValue()))
            .sorted(
                Comparator.comparing(Segment::isFew)
                    .thenComparing(Comparator.comparingDouble(Segment::disagreement).reversed())
                    .thenComparing(Segment::name))
            .toList());
  }

  /** The two lines that are told wherever the comparison is referred to. */
  String summary() {
    String policies =
        policyVersions.stream().map(String::valueOf).collect(Collectors.joining(", "));
    String differences =
        all.scored() == 0
            ? "none that both have a score of"
            : "%s decided alike, %s shown would be hidden, %s hidden would be shown"
                .formatted(
                    share(all.agreeing()), share(all.shownToHidden()), share(all.hiddenToShown()));
    return format(
        "%,d items of reads since %s, by policy %s: %s%n"
            + "without a score: %,d of %s alone, %,d of %s alone, %,d of both",
        all.items(),
        since,
        policies,
        differences,
        all.missingOfLive(),
        live,
        all.missingOfCandidate(),
        candidate,
        all.count(Decision.UNKNOWN, Decision.UNKNOWN));
  }

  private String share(long items) {
    return format("%.2f %%", 100.0 * items / all.scored());
  }

  /** All of it, for people. */
  void tell(PrintWriter to, Histogram histogram) {
    to.println(format("%s compared with %s, which is live", candidate, live));
    to.println(summary());
    to.println(format("%ndecisions of %s in rows, of %s in columns:", live, candidate));
    to.println(format("%-8s %14s %14s %14s %14s", "", "IN_STOCK", "LOW", "OUT", "UNKNOWN"));
    for (Decision row : DECISIONS) {
      to.print(format("%-8s", row));
      DECISIONS.forEach(column -> to.print(format(" %,14d", all.count(row, column))));
      to.println();
    }
    if (all.scored() > 0) {
      to.println(
          format(
              "%nscores of %s less those of %s, to the nearest %.2f:",
              candidate, live, ComparedItems.BIN));
      tellDifferences(to, histogram);
    }
    List<Segment> told = segments.stream().filter(s -> !s.isFew()).limit(TOLD_SEGMENTS).toList();
    if (!told.isEmpty()) {
      to.println(
          format(
              "%ncategories that differ most, of those with %d or more items that both have a score of:",
              FEW));
      to.println(
          format(
              "%14s %9s %14s %14s  %s",
              "both scored", "alike", "would hide", "would show", "category"));
      told.forEach(segment -> to.println(line(segment)));
    }
    to.flush();
  }

  private static String line(Segment segment) {
    ComparedItems items = segment.items();
    return format(
        "%,14d %7.2f %% %,14d %,14d  %s",
        items.scored(),
        100 * items.agreementRate(),
        items.shownToHidden(),
        items.hiddenToShown(),
        segment.name());
  }

  /** From the least difference that there is to the greatest. */
  private void tellDifferences(PrintWriter to, Histogram histogram) {
    List<Long> counts = all.differences();
    int[] present = IntStream.range(0, counts.size()).filter(i -> counts.get(i) > 0).toArray();
    int first = present[0];
    int end = present[present.length - 1] + 1;
    List<String> labels =
        IntStream.range(first, end)
            .mapToObj(bin -> format("%+5.2f", ComparedItems.middle(bin)))
            .toList();
    histogram.lines(labels, counts.subList(first, end)).forEach(to::println);
  }

  /** Whether there is an item that both have a score of; without one nothing was compared. */
  boolean hasCompared() {
    return all.scored() > 0;
  }

  /** All of it, as a line of JSON. */
  String json() throws IOException {
    return JsonLine.of(
        json -> {
          json.writeStringField("candidate", candidate);
          json.writeStringField("live", live);
          json.writeArrayFieldStart("policy_versions");
          for (int version : policyVersions) {
            json.writeNumber(version);
          }
          json.writeEndArray();
          json.writeStringField("since", since.toString());
          write(all, json);
          json.writeObjectFieldStart("decisions");
          for (Decision row : DECISIONS) {
            json.writeObjectFieldStart(row.name());
            for (Decision column : DECISIONS) {
              json.writeNumberField(column.name(), all.count(row, column));
            }
            json.writeEndObject();
          }
          json.writeEndObject();
          json.writeObjectFieldStart("score_difference");
          json.writeNumberField("first_middle", ComparedItems.middle(0));
          json.writeNumberField("bin_width", ComparedItems.BIN);
          counts("counts", all, json);
          json.writeEndObject();
          json.writeArrayFieldStart("segments");
          for (Segment segment : segments) {
            json.writeStartObject();
            json.writeStringField("segment", segment.name());
            write(segment.items(), json);
            // In the bins that stand in score_difference.
            counts("score_difference_counts", segment.items(), json);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static void counts(String name, ComparedItems items, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (long count : items.differences()) {
      json.writeNumber(count);
    }
    json.writeEndArray();
  }

  private static void write(ComparedItems items, JsonGenerator json) throws IOException {
    json.writeNumberField("items", items.items());
    json.writeNumberField("both_scored", items.scored());
    json.writeObjectFieldStart("missing");
    json.writeNumberField("live", items.missingOfLive());
    json.writeNumberField("candidate", items.missingOfCandidate());
    json.writeNumberField("both", items.count(Decision.UNKNOWN, Decision.UNKNOWN));
    json.writeEndObject();
    if (items.scored() == 0) {
      json.writeNullField("agreement_rate");
    } else {
      json.writeNumberField("agreement_rate", Math.round(items.agreementRate() * 1e6) / 1e6);
    }
    json.writeObjectFieldStart("flips");
    for (Decision row : OF_SCORES) {
      for (Decision column : OF_SCORES) {
        if (row != column) {
          json.writeNumberField(row + ">" + column, items.count(row, column));
        }
      }
    }
    json.writeEndObject();
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
