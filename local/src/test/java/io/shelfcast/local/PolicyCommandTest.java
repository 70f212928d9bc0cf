package io.shelfcast.local;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.policy.PolicyYaml;
import io.shelfcast.policy.ThresholdPolicy;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.PolicyStore;
import io.shelfcast.store.Publication;
import io.shelfcast.store.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In this process, as each of them in one of its own would take a second. */
class PolicyCommandTest {

  private static final String EVERYWHERE = "rules:\n  - {name: all, low: 0.7, out: 0.3}\n";

  /** Of dairy, half of the items, another decision for a tenth. */
  private static final String DAIRY =
      EVERYWHERE + "  - {name: dairy, when: {category: dairy}, low: 0.8, out: 0.3}\n";

  private final TestDatabase test = TestDatabase.create();
  private final List<String> asked = new ArrayList<>();
  private Confirmation confirmation = Confirmation.onTerminal();

  @TempDir private Path folder;

  @Test
  void aPolicyIsPublishedOnceItIsToldWhatItChanges() throws Exception {
    fill();
    Command.Ended published =
        run(0, "publish", file(DAIRY), "--author=anna", "--reason=dairy spoils");
    assertEquals(
        "{\"policy_version\":1,\"rules\":2,\"flips\":0.05,\"model_versions\":["
            + "{\"model_version\":\"v1\",\"status\":\"live\",\"items\":100,"
            + "\"now\":{\"in_stock\":0.3,\"low\":0.4,\"out\":0.3},"
            + "\"after\":{\"in_stock\":0.25,\"low\":0.45,\"out\":0.3},\"flips\":0.05}]}\n",
        published.out());
    assertEquals(
        """
        what it changes, against policy 0:
                                    items        in stock %             low %             out %  flips %
        v1 (live)                     100   30.00 ->  25.00   40.00 ->  45.00   30.00 ->  30.00     5.00
        segments, those first in which the most items flip:
        v1: category dairy             50   30.00 ->  20.00   40.00 ->  50.00   30.00 ->  30.00    10.00
        5.00 % of the 100 items of served model versions would be decided otherwise
        policy 1 is in force, 2 rules
        """,
        published.err());
    assertThat(
        run(0, "list").out(),
        matchesPattern(
            """
            version,published_at,author,reason,rules,in_force,rollback_to,flips
            1,20[-0-9:.TZ]*,anna,dairy spoils,2,true,,0.05
            """));
  }

  @Test
  void whatChangesMoreThanTheLimitIsRefusedUnlessItIsForced() throws Exception {
    fill();
    String file = file("rules: [{name: all, low: 1, out: 0.3}]");
    Command.Ended refused = run(3, "publish", file);
    assertEquals("", refused.out());
    assertThat(
        refused.err(),
        containsString("that is more than --maxFlip=0.2, 20.00 %: refused; look at it, and write"));
    assertThat(run(3, "validate", file).err(), containsString("refused"));
    assertEquals(List.of(), test.query("SELECT version FROM threshold_policy"));
    assertThat(
        run(0, "validate", file, "--maxFlip=0.3").err(), containsString("is valid, 1 rules"));
    assertThat(run(0, "publish", file, "--force").err(), containsString("; it is forced\n"));
    run(0, "publish", file(EVERYWHERE), "--maxFlip=0.3");
    assertEquals(
        List.of("1|0.3", "2|0.3"), test.query("SELECT version, flips FROM threshold_policy"));
  }

  @Test
  void itIsAskedOnlyWhereSomebodyCanAnswerAndAfterTheEffectIsTold() throws Exception {
    fill();
    String file = file(DAIRY);
    confirmation = question -> !asked.add(question);
    Command.Ended declined = run(1, "publish", file);
    assertThat(declined.err(), containsString("5.00 % of the 100 items"));
    assertThat(declined.err(), containsString("\nnothing was published\n"));
    assertEquals("", declined.out());
    assertEquals(List.of("publish as policy 1?"), asked);
    run(0, "publish", file, "--yes");
    assertEquals(1, asked.size());
    confirmation = asked::add;
    run(0, "publish", file);
    assertEquals(List.of("publish as policy 1?", "publish as policy 2?"), asked);
  }

  @Test
  void aPolicyThatWasPublishedWhileItWasAskedIsNotBuriedUnderThisOne() throws Exception {
    fill();
    String file = file(DAIRY);
    confirmation =
        question -> {
          ThresholdPolicy other =
              new PolicyStore(test.database())
                  .publish(new Publication(PolicyYaml.read(DAIRY), 0, null, null, null, null));
          return other.version() == 1;
        };
    assertThat(
        run(1, "publish", file).err(),
        containsString("policy 1 was published meanwhile, so what was counted against policy 0"));
    assertEquals(List.of("1"), test.query("SELECT version FROM threshold_policy"));
  }

  @Test
  void aServedVersionWithoutThresholdsIsRefusedForceOrNot() throws Exception {
    fill();
    new ModelRegistry(test.database()).register("v2", ModelStatus.CANDIDATE);
    String file = file("rules: [{name: a, model_version: v1, low: 0.7, out: 0.3}]");
    for (String[] command :
        new String[][] {{"publish", file}, {"publish", file, "--force"}, {"validate", file}}) {
      Command.Ended refused = run(2, command);
      assertThat(
          refused.err(),
          containsString("no rule sets thresholds for every item of v2, which is candidate; add"));
    }
    Command.Ended published =
        run(
            0,
            "publish",
            file(EVERYWHERE + "  - {name: later, model_version: v9, low: 0.7, out: 0.3}\n"));
    assertThat(
        published.err(),
        containsString("note: rule 'later' is for model version v9, which is not registered\n"));
  }

  @Test
  void whatIsShownIsPublishedAsTheSameRulesAndARollbackIsANewPolicy() throws Exception {
    fill();
    run(0, "publish", file(DAIRY));
    run(0, "publish", file(EVERYWHERE), "--author=anna");
    assertEquals(
        "# policy 1\n" + PolicyYaml.write(PolicyYaml.read(DAIRY)), run(0, "show", "1").out());
    assertEquals("# policy 2\n" + PolicyYaml.write(PolicyYaml.read(EVERYWHERE)), show());
    run(0, "publish", file(run(0, "show", "1").out()));
    assertEquals(
        List.of("t"),
        test.query(
            "SELECT a.rules = b.rules FROM threshold_policy a, threshold_policy b"
                + " WHERE a.version = 1 AND b.version = 3"));
    assertThat(run(0, "rollback", "2").out(), containsString("{\"policy_version\":4,\"rules\":1,"));
    run(0, "rollback", "0", "--reason=afresh", "--author=bob");
    assertEquals("# policy 5\nrules:\n  - name: built-in\n    low: 0.7\n    out: 0.3\n", show());
    assertEquals(
        List.of(
            "4|%s|rollback to 2|2|0.05".formatted(System.getProperty("user.name")),
            "5|bob|afresh|0|0"),
        test.query(
            "SELECT version, author, reason, rollback_to, flips FROM threshold_policy"
                + " WHERE version > 3 ORDER BY version"));
    assertThat(run(1, "rollback", "6").err(), containsString("there is no policy 6; ./shelfcast"));
    assertThat(run(1, "show", "6").err(), containsString("there is no policy 6; ./shelfcast"));
  }

  private String show() {
    return run(0, "show").out();
  }

  @Test
  void twoPoliciesAreComparedByRulesAndByEffect() throws Exception {
    fill();
    run(0, "publish", file(DAIRY));
    Command.Ended against = run(0, "diff", file(EVERYWHERE));
    assertThat(against.out(), containsString("- dairy: category dairy, low 0.8 out 0.3\n\n"));
    assertThat(against.out(), containsString("5.00 % of the 100 items"));
    assertEquals("", against.err());
    Command.Ended rules = run(0, "diff", "0", "1", "--effectTimeout=PT0S");
    assertEquals(
        """
        - built-in: low 0.7 out 0.3
        + all: low 0.7 out 0.3
        + dairy: category dairy, low 0.8 out 0.3
        """,
        rules.out());
    assertEquals("they have the same rules\n", run(0, "diff", "1", file(DAIRY)).out());
    assertThat(run(1, "diff", "1", "7").err(), containsString("there is no policy 7"));
  }

  @Test
  void whatIsNotCountedIsPublishedOnlyByForce() throws Exception {
    fill();
    String file = file("rules: [{name: all, low: 1, out: 1}]");
    Command.Ended refused = run(2, "publish", file, "--effectTimeout=PT0S");
    assertThat(refused.err(), containsString("counts nothing that --maxFlip could guard; write"));
    Command.Ended forced = run(0, "publish", file, "--effectTimeout=PT0S", "--force");
    assertEquals("{\"policy_version\":1,\"rules\":1}\n", forced.out());
    assertThat(forced.err(), not(containsString("%")));
    assertEquals(
        List.of("t"), test.query("SELECT flips IS NULL FROM threshold_policy WHERE version = 1"));
    assertThat(run(0, "validate", file, "--effectTimeout=PT0S").err(), containsString("is valid"));
  }

  @Test
  void ofManySegmentsThoseThatChangeMostAreToldAndTheOthersCounted() throws Exception {
    fill();
    StringBuilder rules = new StringBuilder(EVERYWHERE);
    for (int store = 0; store < 50; store++) {
      rules.append("  - {name: s%1$d, when: {store_id: %1$d}, low: 1, out: 1}\n".formatted(store));
    }
    String told = run(0, "publish", file(rules.toString()), "--maxFlip=1").err();
    assertEquals(20, told.lines().filter(line -> line.startsWith("v1: store_id")).count(), told);
    assertThat(told, containsString("and 30 more segments, of which 15 stay as they are\n"));
  }

  @Test
  void badUsageGetsOneLineThatSaysWhatToWrite() throws Exception {
    assertFails(2, "write one of policy list, show, validate, publish, diff, rollback, schema");
    assertFails(2, "there is no file 'nope.yaml' that can be read", "publish", "nope.yaml");
    assertFails(2, "there is no file 'nope.yaml' that can be read", "diff", "nope.yaml");
    assertFails(2, "'x' is not a whole number", "rollback", "x");
    String file = file(EVERYWHERE);
    assertFails(2, "--maxFlip is 2.0; write a share from 0 to 1", "publish", file, "--maxFlip=2");
    assertFails(2, "--maxFlip", "publish", file, "--maxFlip=many");
    assertFails(2, "write PT0S, or up to PT6H", "publish", file, "--effectTimeout=-PT1S");
    assertFails(2, "write PT0S, or up to PT6H", "diff", file, "--effectTimeout=P1D");
    assertFails(2, "--reason has a character that cannot", "publish", file, "--reason=a\nb");
    assertFails(
        2,
        "the rules 'a' and 'b' are equally specific",
        "validate",
        file("rules: [{name: a, low: 1, out: 0}, {name: b, low: 1, out: 0}]"));
    Path latin = folder.resolve("latin.yaml");
    Files.write(latin, "rules: [{name: é}]".getBytes(StandardCharsets.ISO_8859_1));
    assertFails(2, "is no text in UTF-8", "validate", latin.toString());
  }

  @Test
  void withoutADatabaseAFileIsCheckedAndNoneIsMadeForIt() throws Exception {
    Command.Ended valid = Command.run(folder, "policy", "validate", file(DAIRY));
    assertEquals(0, valid.exitCode(), valid.err());
    assertThat(
        valid.err(), containsString("without a database: model versions and effect are not"));
    assertThat(valid.err(), containsString("is valid, 2 rules\n"));
    assertTrue(Files.notExists(folder.resolve("postgres")));
  }

  @Test
  void theSchemaIsPrinted() {
    assertThat(
        Command.here("policy", "schema").out(),
        containsString("\"title\": \"Shelfcast threshold policy\""));
  }

  /** 100 items of a live version in 50 stores, half of them dairy; scores 0.05 to 0.95. */
  private void fill() {
    ModelRegistry models = new ModelRegistry(test.database());
    models.register("v1", ModelStatus.CANDIDATE);
    models.promote("v1");
    test.execute("INSERT INTO product_segment VALUES (0, 'dairy', NULL), (1, 'fruit', 'head')");
    test.execute(
        """
        INSERT INTO availability_score
          (model_version_id, store_id, product_id, score, scored_at, origin)
        SELECT 1, s, p, 0.05 + (s % 10) / 10.0, now(), 1
        FROM generate_series(0, 49) s, generate_series(0, 1) p""");
  }

  private String file(String yaml) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "policy", ".yaml"), yaml).toString();
  }

  private void assertFails(int exitCode, String told, String... arguments) {
    Command.Ended failed = run(exitCode, arguments);
    assertThat(failed.err(), containsString(told));
    assertEquals("", failed.out());
  }

  private Command.Ended run(int exitCode, String... arguments) {
    Command.Ended ended = Command.here(confirmation, with(arguments));
    assertEquals(exitCode, ended.exitCode(), ended.err());
    return ended;
  }

  private String[] with(String... arguments) {
    Stream<String> database =
        Stream.of("--jdbcUrl=" + test.config().jdbcUrl(), "--jdbcUser=" + test.config().user());
    return Stream.of(
            Stream.of("policy"),
            Stream.of(arguments),
            arguments.length == 0 ? Stream.<String>of() : database)
        .flatMap(each -> each)
        .toArray(String[]::new);
  }
}
