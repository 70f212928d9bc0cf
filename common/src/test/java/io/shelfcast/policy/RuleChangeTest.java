package io.shelfcast.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class RuleChangeTest {

  @Test
  void rulesAreToldAsRemovedChangedAndAddedAndThoseThatOnlyMovedNotAtAll() {
    assertEquals(
        List.of(
            "- gone: model_version v2, category a|b|c|d|e and 2 more, add_low 0.1 add_out 0.0",
            "~ dairy: low 0.8 out 0.4 -> low 0.9 out 0.4",
            "+ evening: hour_band evening, low 0.8 out 0.2",
            "~ narrowed: model_version any -> v2, city -any +x, category -dairy +fruit,"
                + " surface -search +any"),
        changes(
            """
            rules:
              - {name: gone, model_version: v2, when: {category: [g, f, e, d, c, b, a]}, add_low: 0.1}
              - {name: dairy, when: {category: dairy}, low: 0.8, out: 0.4}
              - {name: same, when: {category: [x, y]}, low: 0.8, out: 0.4}
              - {name: narrowed, when: {category: [z, dairy], surface: search}, low: 0.8, out: 0.4}
            """,
            """
            rules:
              - {name: same, when: {category: [y, x]}, low: 0.8, out: 0.4}
              - {name: dairy, when: {category: dairy}, low: 0.9, out: 0.4}
              - {name: evening, when: {hour_band: evening}, low: 0.8, out: 0.2}
              - {name: narrowed, model_version: v2, when: {city: x, category: [z, fruit]}, low: 0.8, out: 0.4}
            """));
    String same = "rules: [{name: a, low: 1, out: 0}]";
    assertEquals(List.of(), changes(same, same));
  }

  private static List<String> changes(String before, String after) {
    return RuleChange.between(PolicyYaml.read(before), PolicyYaml.read(after)).stream()
        .map(RuleChange::text)
        .toList();
  }
}
