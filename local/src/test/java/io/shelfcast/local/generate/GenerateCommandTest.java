package io.shelfcast.local.generate;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import io.shelfcast.local.generate.ScoreFiles.ScoreRow;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class GenerateCommandTest {
  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void everyProductIsInEveryStoreInOrder() throws IOException {
    assertThat(generate("--stores=3", "--itemsPerStore=2"), is(0));
    List<String> items =
        ScoreFiles.rowsIn(directory).stream()
            .map(row -> row.storeId() + ":" + row.productId())
            .toList();
    assertThat(items, is(List.of("0:0", "0:1", "1:0", "1:1", "2:0", "2:1")));
  }

  @Test
  void aStoreIsScoredItsNumberModulo600SecondsLater() throws IOException {
    assertThat(generate("--stores=602", "--itemsPerStore=1"), is(0));
    long sixOClock = 1_717_826_400_000_000L;
    List<ScoreRow> rows = ScoreFiles.rowsIn(directory);
    assertThat(rows.get(0).scoredAtMicros(), is(sixOClock));
    assertThat(rows.get(599).scoredAtMicros(), is(sixOClock + 599_000_000));
    assertThat(rows.get(601).scoredAtMicros(), is(sixOClock + 1_000_000));
  }

  @Test
  void scoresAreTheFunctions() throws IOException {
    assertThat(generate("--seed=5", "--modelVersion=general-v1", "--itemsPerStore=50"), is(0));
    ScoreFunction function =
        ScoreFunction.of(5, "general-v1", Instant.parse("2024-06-08T06:00:00Z"));
    for (ScoreRow row : ScoreFiles.rowsIn(directory)) {
      assertThat(row.score(), is(function.score(row.storeId(), row.productId())));
      assertThat(row.modelVersion(), is("general-v1"));
    }
  }

  @Test
  void sameOptionsGiveTheSameBytes(@TempDir Path other) throws IOException {
    assertThat(generate("--stores=20", "--seed=3"), is(0));
    assertThat(generate("--stores=20", "--seed=3", "--output=" + other), is(0));
    Path made = directory.resolve("part-00000.parquet");
    assertThat(Files.mismatch(made, other.resolve("part-00000.parquet")), is(-1L));
  }

  @Test
  void anotherSeedGivesTheSameItemsWithOtherScores(@TempDir Path other) throws IOException {
    assertThat(generate("--stores=2", "--seed=1"), is(0));
    assertThat(generate("--stores=2", "--seed=2", "--output=" + other), is(0));
    List<ScoreRow> first = ScoreFiles.rowsIn(directory);
    List<ScoreRow> second = ScoreFiles.rowsIn(other);
    assertThat(items(first), is(items(second)));
    assertThat(scores(first), is(not(scores(second))));
  }

  @Test
  void standardOutputIsOneLineOfJson() {
    assertThat(generate("--stores=3", "--itemsPerStore=4"), is(0));
    String result =
        "\\{\"files\":1,\"rows\":12,\"seconds\":[0-9.]+,\"output\":\"" + directory + "\"}\\R";
    assertThat(out.toString(), matchesPattern(result));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--stores=0 | --stores=0 makes no scores: write 1 or more",
        "--stores=-3 | --stores=-3 makes no scores: write 1 or more",
        "--itemsPerStore=0 | --itemsPerStore=0 makes no scores: write 1 or more",
        "--modelVersion=a b | --modelVersion='a b' is not a name",
        "--modelVersion= | --modelVersion='' is not a name",
        "--scoredAt=yesterday | 'yesterday' is not a time: write for example 2024-06-08T06:00:00Z",
        "--scoredAt=1969-01-01T00:00:00Z | write a time from 1970 to 9999",
        "--stores=many | '--stores'"
      })
  void aBadValueIsBadUsageAndSaysWhatToWrite(String option, String message) throws IOException {
    assertThat(generate(option), is(2));
    assertThat(err.toString().lines().findFirst().orElseThrow(), containsString(message));
    assertThat(out.toString(), is(""));
    assertThat(ScoreFiles.namesIn(directory), hasSize(0));
  }

  @Test
  void anOutputThatIsAFileIsBadUsage() throws IOException {
    Path file = Files.createFile(directory.resolve("scores"));
    assertThat(generate("--output=" + file), is(2));
    assertThat(err.toString(), containsString("is a file: write the name of a directory"));
  }

  @Test
  void aDirectoryWithOthersParquetFilesIsRefused() throws IOException {
    Files.createFile(directory.resolve("20240608T0600Z.parquet"));
    assertThat(generate(), is(2));
    assertThat(err.toString(), containsString("(20240608T0600Z.parquet): write the name of a new"));
    assertThat(ScoreFiles.namesIn(directory), is(List.of("20240608T0600Z.parquet")));
  }

  @Test
  void outputIsMadeIfItIsNotThere() throws IOException {
    assertThat(generate("--output=" + directory.resolve("a/b")), is(0));
    assertThat(ScoreFiles.namesIn(directory.resolve("a/b")), is(List.of("part-00000.parquet")));
  }

  private int generate(String... options) {
    List<String> given = new ArrayList<>(List.of(options));
    Stream.of("--output=" + directory, "--scoredAt=2024-06-08T06:00:00Z", "--stores=2")
        .filter(option -> given.stream().noneMatch(g -> g.startsWith(name(option))))
        .forEach(given::add);
    return new CommandLine(new GenerateCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(given.toArray(String[]::new));
  }

  private static String name(String option) {
    return option.substring(0, option.indexOf('=') + 1);
  }

  private static List<String> items(List<ScoreRow> rows) {
    return rows.stream().map(row -> row.storeId() + ":" + row.productId()).toList();
  }

  private static List<Double> scores(List<ScoreRow> rows) {
    return rows.stream().map(ScoreRow::score).toList();
  }
}
