package io.shelfcast.fullsync;

import static io.shelfcast.fullsync.FullSync.replay;
import static io.shelfcast.fullsync.FullSync.sync;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.RowCounts;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.RetiredPartitions;
import io.shelfcast.store.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CSV as it comes, with every rule broken in turn, and the way back of what was rejected. */
class CsvAndReplayTest {

  private static final String AT = "2024-06-08T06:00:00Z";
  private static final int ROWS = 100_000;

  /** Lines that break one rule each; %d makes the row's key its own. */
  private static final List<String[]> BROKEN =
      List.of(
          new String[] {"store_id_missing", ",%d,known,0.5," + AT},
          new String[] {"store_id_not_a_number", "seven,%d,known,0.5," + AT},
          new String[] {"store_id_negative", "-7,%d,known,0.5," + AT},
          new String[] {"product_id_missing", "%d,,known,0.5," + AT},
          new String[] {"product_id_not_a_number", "%d,1.5,known,0.5," + AT},
          new String[] {"product_id_negative", "%d,-1,known,0.5," + AT},
          new String[] {"score_missing", "1,%d,known,," + AT},
          new String[] {"score_not_a_number", "1,%d,known,\"very \"\"high\"\"\nindeed\"," + AT},
          new String[] {"score_nan", "1,%d,known,NaN," + AT},
          new String[] {"score_infinite", "1,%d,known,-Infinity," + AT},
          new String[] {"score_out_of_range", "1,%d,known,1.01," + AT},
          new String[] {"scored_at_missing", "1,%d,known,0.5,"},
          new String[] {"scored_at_unparsable", "1,%d,known,0.5,08/06/2024"},
          new String[] {"scored_at_before_2000", "1,%d,known,0.5,1970-01-20T21:10:26Z"},
          new String[] {"scored_at_in_future", "1,%d,known,0.5,2999-01-01T00:00:00Z"},
          new String[] {"model_version_missing", "1,%d,,0.5," + AT},
          new String[] {"model_version_malformed", "1,%d,größe,0.5," + AT},
          new String[] {"model_version_unknown", "1,%d,unknown,0.5," + AT},
          new String[] {"model_version_retired", "1,%d,retired,0.5," + AT},
          // PostgreSQL takes no NUL in text, so it must not get into what is written of the row.
          new String[] {"store_id_not_a_number", "\0,%d,known,0.5," + AT},
          new String[] {"row_wrong_shape", "1,%d,known,0.5"});

  private final TestDatabase test = TestDatabase.create();
  private final ModelRegistry registry = new ModelRegistry(test.database());
  @TempDir private Path folder;

  @Test
  void exactlyTheBrokenRowsAreRejectedAndReplayAppliesThemOnceTheirCauseIsGone()
      throws IOException {
    registry.register("known", ModelStatus.SHADOW);
    registry.register("retired", ModelStatus.SHADOW);
    registry.retire("retired", RetiredPartitions.DEFAULT_GRACE);
    Map<String, Integer> broken = new TreeMap<>();
    StringBuilder csv = new StringBuilder("store_id,product_id,model_version,score,scored_at\n");
    int perReason = ROWS / 100;
    for (int row = 0; row < ROWS; row++) {
      // One row of a hundred for each of the rules in turn.
      int rule = row % 100;
      if (rule < BROKEN.size()) {
        csv.append(BROKEN.get(rule)[1].formatted(row)).append('\n');
        broken.merge(BROKEN.get(rule)[0], 1, Integer::sum);
      } else {
        csv.append("2,%d,\"known\",0.5,%s\n".formatted(row, AT));
      }
    }
    Path file = folder.resolve("rules.csv");
    Files.writeString(file, csv);
    assertEquals(BROKEN.size() - 1, broken.size());

    int good = ROWS - BROKEN.size() * perReason;
    assertEquals(
        new RowCounts(good, 0, 0, ROWS - good),
        // A fifth of the rows being wrong is what the gate is there for.
        sync(test, "--input=" + file, "--onUnknownModel=reject", "--gate=off"));
    Map<String, Integer> found = new TreeMap<>();
    for (String line : test.query("SELECT reason, count(*) FROM dead_letter GROUP BY reason")) {
      found.put(line.replaceAll("\\|.*", ""), Integer.valueOf(line.replaceAll(".*\\|", "")));
    }
    assertEquals(broken, found);
    assertEquals(
        List.of(
            "{\"store_id\":\"1\",\"product_id\":\"7\",\"model_version\":\"known\","
                + "\"score\":\"very \\\"high\\\"\\nindeed\",\"scored_at\":\""
                + AT
                + "\"}"),
        test.query(
            "SELECT payload FROM dead_letter WHERE reason = 'score_not_a_number'"
                + " ORDER BY position LIMIT 1"));

    registry.register("unknown", ModelStatus.SHADOW);
    assertEquals(new RowCounts(perReason, 0, 0, 0), replay(test, "--reason=model_version_unknown"));
    List<String> table = table();
    assertEquals(new RowCounts(0, 0, 0, 0), replay(test, "--reason=model_version_unknown"));
    // All the others are still as wrong as they were.
    assertEquals(new RowCounts(0, 0, 0, (BROKEN.size() - 1L) * perReason), replay(test));
    assertEquals(table, table());
    assertEquals(
        List.of("open|" + (BROKEN.size() - 1) * perReason, "replayed|" + perReason),
        test.query("SELECT state, count(*) FROM dead_letter GROUP BY state ORDER BY state"));
  }

  @Test
  void whatExcelAndWindowsWriteIsReadToo() throws IOException {
    String text =
        "\ufeffstore_id,product_id,model_version,score,scored_at,\"a \"\"note\"\"\"\r\n"
            + "1,1,m,0.5,"
            + AT
            + ",\"zwei\r\nZeilen, größer\"\r\n"
            + "\r\n"
            + "1,2,\"m\",\"0.6\","
            + AT
            + ",\r\n";
    Path file = folder.resolve("windows.csv");
    Files.writeString(file, text, StandardCharsets.UTF_8);
    assertEquals(new RowCounts(2, 0, 0, 0), sync(test, "--input=" + file));
  }

  @Test
  void anEmptyFileAndAHeaderOnlyHaveNoRows() throws IOException {
    Files.writeString(folder.resolve("a.csv"), "");
    Files.writeString(folder.resolve("b.csv"), "store_id,product_id,model_version,score,scored_at");
    Files.write(folder.resolve("c.csv.gz"), CsvFiles.gzip(""));
    Files.write(
        folder.resolve("d.csv.gz"),
        CsvFiles.gzip("store_id,product_id,model_version,score,scored_at\n1,1,m,0.5," + AT + "\n"));
    assertEquals(new RowCounts(1, 0, 0, 0), sync(test, "--input=" + folder + "/*"));
  }

  @Test
  void allOfARejectedLineIsKeptUnderTheNamesOfTheContract() throws IOException {
    Path file = folder.resolve("a.csv");
    Files.writeString(
        file, "STORE,product_id,score,scored_at,shelf\n7,11,high,%s,A3\n".formatted(AT));
    sync(test, "--input=" + file, "--columns=store_id=STORE", "--modelVersion=m");
    assertEquals(
        List.of(
            "{\"model_version\":\"m\",\"store_id\":\"7\",\"product_id\":\"11\",\"score\":\"high\",\"scored_at\":\""
                + AT
                + "\",\"shelf\":\"A3\"}|2"),
        test.query("SELECT payload, position FROM dead_letter"));
  }

  @Test
  void theSameBadFileAgainAddsNoDeadLetters() throws IOException {
    Path file = folder.resolve("a.csv");
    Files.writeString(
        file, "store_id,product_id,model_version,score,scored_at\n1,1,m,2,%s\n".formatted(AT));
    assertEquals(1, sync(test, "--input=" + file).rejected());
    assertEquals(1, sync(test, "--input=" + file).rejected());
    assertEquals(List.of("1|2"), test.query("SELECT count(*), max(attempts) FROM dead_letter"));
    assertTrue(table().get(0).startsWith("0|"), table().get(0));
  }

  private List<String> table() {
    return test.query(
        "SELECT count(*), md5(string_agg(s::text, ',' ORDER BY model_version, store_id,"
            + " product_id)) FROM current_score s");
  }
}
