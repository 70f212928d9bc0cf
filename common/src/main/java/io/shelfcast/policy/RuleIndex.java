package io.shelfcast.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rule that an item is under, however many rules there are.
 *
 * <p>Rules of equal rank name the same attributes, so one tree stands for all of them: each level
 * looks at one attribute, and its branches are the values that some rule names. A node stands for
 * the rules that are still possible; nodes that stand for the same rules are one node, so that a
 * rule for 5,000 stores and 200 categories takes 5,200 branches, not a million. At most one rule is
 * left at the end of a path, or there is a tie.
 */
final class RuleIndex {

  /** About 100 MB; real policies, of thousands of rules, have some ten thousand. */
  private static final int MAX_BRANCHES = 1_000_000;

  /** In the order in which values become known while a request is answered. */
  private static final Comparator<SegmentAttribute> ORDER =
      Comparator.comparing(SegmentAttribute::step).thenComparing(Comparator.reverseOrder());

  private int branches;

  private RuleIndex() {}

  /**
   * A node of a tree.
   *
   * @param attribute whose value says which way to go; null at the end
   * @param branches where to go, by value; empty at the end
   * @param change what the rule does that was found; null before the end
   */
  record Node(
      @Nullable SegmentAttribute attribute,
      Map<String, Node> branches,
      @Nullable ThresholdChange change) {}

  /**
   * The roots of the trees of some rules of one kind, the most specific rules first.
   *
   * @param anyModel of the rules that name no model version
   * @param byModel of the rules that do, and after them of those that name none
   */
  record Roots(List<Node> anyModel, Map<String, List<Node>> byModel) {}

  /**
   * The roots of those that set thresholds, and of those that add to them.
   *
   * @param bases of the rules that set thresholds
   * @param deltas of the rules that add to them
   */
  record Kinds(Roots bases, Roots deltas) {}

  /**
   * @throws InvalidPolicyException when two rules tie, or more combinations would have to be told
   *     apart than is sensible
   */
  static Kinds of(List<ThresholdRule> rules) {
    RuleIndex index = new RuleIndex();
    return new Kinds(
        index.roots(rules.stream().filter(r -> r.change() instanceof Thresholds).toList()),
        index.roots(rules.stream().filter(r -> r.change() instanceof ThresholdDelta).toList()));
  }

  private Roots roots(List<ThresholdRule> rules) {
    List<ThresholdRule> unnamed = new ArrayList<>();
    Map<String, List<ThresholdRule>> named = new HashMap<>();
    for (ThresholdRule rule : rules) {
      String model = rule.modelVersion();
      (model == null ? unnamed : named.computeIfAbsent(model, m -> new ArrayList<>())).add(rule);
    }
    List<Node> anyModel = trees(unnamed);
    Map<String, List<Node>> byModel = new HashMap<>();
    named.forEach(
        (model, its) -> {
          List<Node> nodes = new ArrayList<>(trees(its));
          nodes.addAll(anyModel);
          byModel.put(model, List.copyOf(nodes));
        });
    return new Roots(anyModel, Map.copyOf(byModel));
  }

  private List<Node> trees(List<ThresholdRule> rules) {
    Map<Integer, List<ThresholdRule>> byRank = new TreeMap<>(Comparator.reverseOrder());
    for (ThresholdRule rule : rules) {
      byRank.computeIfAbsent(rule.rank(), rank -> new ArrayList<>()).add(rule);
    }
    return byRank.values().stream().map(equals -> new Tree(equals).root()).toList();
  }

  /** The tree of rules of equal rank. */
  private final class Tree {
    private final List<ThresholdRule> rules;
    private final List<SegmentAttribute> levels;

    /** By level, and by the positions of the rules that they stand for. */
    private final List<Map<List<Integer>, Node>> nodes = new ArrayList<>();

    Tree(List<ThresholdRule> rules) {
      this.rules = rules;
      this.levels = rules.get(0).segment().keySet().stream().sorted(ORDER).toList();
      levels.forEach(level -> nodes.add(new HashMap<>()));
    }

    Node root() {
      return node(IntStream.range(0, rules.size()).boxed().toList(), 0);
    }

    private Node node(List<Integer> possible, int level) {
      if (level == levels.size()) {
        if (possible.size() > 1) {
          throw tie(rules.get(possible.get(0)), rules.get(possible.get(1)));
        }
        return new Node(null, Map.of(), rules.get(possible.get(0)).change());
      }
      Node same = nodes.get(level).get(possible);
      if (same == null) {
        same = branch(possible, level);
        nodes.get(level).put(possible, same);
      }
      return same;
    }

    private Node branch(List<Integer> possible, int level) {
      SegmentAttribute attribute = levels.get(level);
      Map<String, List<Integer>> byValue = new LinkedHashMap<>();
      for (Integer rule : possible) {
        for (String value : rules.get(rule).values(attribute)) {
          byValue.computeIfAbsent(value, v -> new ArrayList<>()).add(rule);
        }
      }
      branches += byValue.size();
      if (branches > MAX_BRANCHES) {
        throw new InvalidPolicyException(
            "the rules overlap in more than %,d ways; let fewer of them name the same values of %s"
                .formatted(MAX_BRANCHES, attribute.word()));
      }
      Map<String, Node> next = new HashMap<>();
      byValue.forEach((value, left) -> next.put(value, node(left, level + 1)));
      return new Node(attribute, Map.copyOf(next), null);
    }
  }

  private static InvalidPolicyException tie(ThresholdRule one, ThresholdRule other) {
    List<String> shared = new ArrayList<>();
    for (SegmentAttribute attribute : one.segment().keySet()) {
      one.values(attribute).stream()
          .filter(other.values(attribute)::contains)
          .findFirst()
          .ifPresent(value -> shared.add(attribute.word() + " " + value));
    }
    return new InvalidPolicyException(
        "the rules '%s' and '%s' are equally specific and both match %s%s; %s"
            .formatted(
                one.name(),
                other.name(),
                shared.isEmpty() ? "every item" : "items of " + String.join(", ", shared),
                one.modelVersion() == null ? "" : " for model version " + one.modelVersion(),
                shared.isEmpty()
                    ? "delete one, or narrow it by an attribute"
                    : "take the value out of one, or narrow one by a further attribute"));
  }
}
