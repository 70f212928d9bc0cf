package io.shelfcast.snowflake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnowflakeSettingsTest {

  private static final List<String> GOOD =
      List.of(
          "--snowflakeUrl=https://acme-eu1.snowflakecomputing.com",
          "--snowflakeDatabase=availability",
          "--snowflakeSchema=public",
          "--snowflakeUser=sync",
          "--snowflakePrivateKey=file:/keys/sync.p8",
          "--snowflakeTable=scores",
          "--snowflakeStorageIntegration=gcs_int",
          "--snowflakeStagingBucket=gs://staging/shelfcast");

  @Test
  void whatIsNotGivenHasADefault() {
    SnowflakeSettings settings = settings(GOOD);
    assertEquals(SnowflakeFormat.parquet, settings.format());
    assertEquals(Increment.none, settings.increment());
    assertEquals(Duration.ofMinutes(10), settings.overlap());
    assertEquals("gs://staging/shelfcast/", settings.staging());
    assertEquals("snowflake:acme-eu1/AVAILABILITY.PUBLIC.SCORES", settings.name());
    assertFalse(SnowflakeSettings.isGiven(options(List.of())));
    assertTrue(SnowflakeSettings.isGiven(options(List.of("--increment=changes"))));
    assertTrue(SnowflakeSettings.isGiven(options(List.of("--snowflakeToken=env:T"))));
  }

  @Test
  void aTableIsTheSameInTheLedgerHoweverItIsWritten() {
    for (String table : List.of("SCORES", "Public.Scores", "AVAILABILITY.PUBLIC.\"SCORES\"")) {
      assertEquals(
          "snowflake:acme-eu1/AVAILABILITY.PUBLIC.SCORES",
          settings(with("--snowflakeTable=" + table)).name());
    }
    assertEquals(
        "snowflake:acme-eu1/AVAILABILITY.PUBLIC.a.b",
        settings(with("--snowflakeTable=\"a.b\"")).name());
  }

  @Test
  void aQueryIsTheSameInTheLedgerHoweverItIsLaidOut() {
    String name = settings(query("SELECT * FROM scores\n  WHERE score > 0")).name();
    assertTrue(name.matches("snowflake:acme-eu1/AVAILABILITY.PUBLIC/query:[0-9a-f]{8}"), name);
    assertEquals(name, settings(query(" SELECT * FROM scores WHERE score > 0 ")).name());
    assertFalse(name.equals(settings(query("SELECT * FROM scores WHERE score > 1")).name()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          --snowflakeUrl=http://acme-eu1.snowflakecomputing.com | has to begin with https://
          --snowflakeUrl=acme-eu1                               | write https://ORG-ACCOUNT
          --snowflakeUrl=https://u:secret@acme-eu1.example.com  | has more than the account
          --snowflakeUrl=https://acme-eu1.example.com/?pw=secret | has more than the account
          --snowflakeUrl=https://u:secret@acme_eu1.example.com | has more than the account
          --snowflakeUrl=https://acme_eu1.example.com | with - in place of _
          --snowflakeUrl=                                       | write https://ORG-ACCOUNT
          --snowflakePrivateKey=secret                          | --snowflakePrivateKey: a secret is given by reference
          --snowflakePassword=env:PW                            | exactly one of --snowflakePrivateKey, --snowflakePassword and --snowflakeToken
          --snowflakeQuery=SELECT 1                             | either --snowflakeTable or --snowflakeQuery
          --snowflakeTable=scores; DROP TABLE scores            | write NAME, SCHEMA.NAME or DATABASE.SCHEMA.NAME
          --snowflakeDatabase=a.b                               | --snowflakeDatabase is 'a.b'; write one name
          --snowflakeStorageIntegration=i) x (                  | write the name of an integration
          --snowflakeStagingBucket=s3://bucket/                 | write gs://BUCKET/FOLDER/
          --snowflakeStagingBucket=gs://bucket/it's             | write gs://BUCKET/FOLDER/
          --increment=column                                    | wants --incrementColumn=NAME
          --incrementColumn=LOADED_AT                           | --incrementColumn is for --increment=column
          --since=2024-06-08T06:00:00Z                          | write --increment=column or --increment=changes too
          --overlap=-PT1M                                       | it has to be zero or more
          """)
  void whatDoesNotFitIsRefusedSayingWhatToWrite(String argument, String message) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> settings(with(argument)));
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertFalse(e.getMessage().contains("secret@"), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  @Test
  void everyNeededOptionIsAskedFor() {
    for (String argument : GOOD) {
      List<String> without = new ArrayList<>(GOOD);
      without.remove(argument);
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> settings(without));
      String option = argument.substring(0, argument.indexOf('='));
      assertTrue(e.getMessage().contains(option), e.getMessage());
    }
  }

  @Test
  void changesAreTrackedOfTablesOnly() {
    List<String> arguments = new ArrayList<>(query("SELECT * FROM scores"));
    arguments.add("--increment=changes");
    assertThrows(IllegalArgumentException.class, () -> settings(arguments));
  }

  @Test
  void plainHttpIsForThisMachineOnly() {
    assertEquals(
        "jdbc:snowflake://http://127.0.0.1:8080/",
        settings(with("--snowflakeUrl=http://127.0.0.1:8080")).account().jdbcUrl());
    assertEquals(
        "jdbc:snowflake://acme-eu1.snowflakecomputing.com/", settings(GOOD).account().jdbcUrl());
  }

  private static List<String> query(String query) {
    List<String> arguments = new ArrayList<>(GOOD);
    arguments.remove("--snowflakeTable=scores");
    arguments.add("--snowflakeQuery=" + query);
    return arguments;
  }

  private static List<String> with(String argument) {
    String option = argument.substring(0, argument.indexOf('=') + 1);
    List<String> arguments = new ArrayList<>(GOOD);
    arguments.removeIf(other -> other.startsWith(option));
    arguments.add(argument);
    return arguments;
  }

  private static SnowflakeSettings settings(List<String> arguments) {
    return SnowflakeSettings.of(options(arguments));
  }

  private static SnowflakeOptions options(List<String> arguments) {
    return PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0]))
        .as(SnowflakeOptions.class);
  }
}
