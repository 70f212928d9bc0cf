package io.shelfcast.policy;

import io.shelfcast.domain.ModelVersion;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One rule of a policy: for the items of a segment, thresholds, or what is added to them.
 *
 * <p><b>Rank.</b> Of the rules that match an item and set thresholds the most specific one sets
 * them; of those that match and add to them the most specific one, and only that, is added. Of two
 * rules that one is more specific
 *
 * <ol>
 *   <li>that names a model version, since a threshold means something else for each model;
 *   <li>else, that names more attributes;
 *   <li>else, that names the first attribute, in the order of {@link SegmentAttribute}, which the
 *       other does not.
 * </ol>
 *
 * So two rules are of equal rank if they name the same attributes, and a model version or none.
 *
 * @param name what it is called in messages; each rule of a policy has its own
 * @param modelVersion of which model version's scores; null: of each
 * @param segment the values that an item may have of each attribute that is named; an item is in
 *     the segment if it has one of them for every attribute. Empty: every item
 * @param change what it does
 */
public record ThresholdRule(
    String name,
    @Nullable String modelVersion,
    Map<SegmentAttribute, Set<String>> segment,
    ThresholdChange change) {

  private static final int MAX_NAME_LENGTH = 200;

  /**
   * @throws IllegalArgumentException saying what is wrong and what to write instead
   */
  public ThresholdRule {
    if (name.isBlank() || name.length() > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "name is '%.20s'; write 1 to %d characters".formatted(name, MAX_NAME_LENGTH));
    }
    SegmentAttribute.checkCharacters("name", name);
    if (modelVersion != null && !ModelVersion.isValidName(modelVersion)) {
      throw new IllegalArgumentException(
          "model_version is '%s'; write 1 to 64 of letters, digits, '.', '_' and '-'"
              .formatted(modelVersion));
    }
    segment = copy(segment);
  }

  private static Map<SegmentAttribute, Set<String>> copy(
      Map<SegmentAttribute, Set<String>> segment) {
    Map<SegmentAttribute, Set<String>> copy = new EnumMap<>(SegmentAttribute.class);
    segment.forEach(
        (attribute, values) -> {
          if (values.isEmpty()) {
            throw new IllegalArgumentException(
                "%s has no value; write one, or leave it out".formatted(attribute.word()));
          }
          values.forEach(attribute::checkValue);
          copy.put(attribute, Collections.unmodifiableSet(new LinkedHashSet<>(values)));
        });
    return Collections.unmodifiableMap(copy);
  }

  /** The values of an attribute; none, if it is not named. */
  Set<String> values(SegmentAttribute attribute) {
    return segment.getOrDefault(attribute, Set.of());
  }

  /** Greater for the more specific rule, equal for two of equal rank. */
  int rank() {
    int rank = modelVersion == null ? 0 : 1;
    rank = rank << 8 | segment.size();
    for (SegmentAttribute attribute : SegmentAttribute.values()) {
      rank = rank << 1 | (segment.containsKey(attribute) ? 1 : 0);
    }
    return rank;
  }
}
