package io.shelfcast.snowflake;

import io.shelfcast.store.SecretRef;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the options say, once they have been found to fit together.
 *
 * @param account where, and as whom
 * @param relation what to read
 * @param format what to unload it as
 * @param integration what lets Snowflake write to the staging folder
 * @param staging the folder, with a slash at its end
 * @param increment how to find what changed
 * @param incrementColumn by which column; null unless by one
 * @param overlap how far behind the last run's end to read again
 * @param since where to read from instead; null: from the last run's end
 */
record SnowflakeSettings(
    SnowflakeAccount account,
    Relation relation,
    SnowflakeFormat format,
    String integration,
    String staging,
    Increment increment,
    @Nullable String incrementColumn,
    Duration overlap,
    @Nullable Instant since)
    implements Serializable {

  /** Whether the options speak of Snowflake at all, if only by mistake. */
  static boolean isGiven(SnowflakeOptions options) {
    return options.getIncrement() != Increment.none
        || options.getIncrementColumn() != null
        || options.getSince() != null
        || given(options).values().stream().anyMatch(Objects::nonNull);
  }

  /**
   * Checks everything that can be checked without asking Snowflake.
   *
   * @throws IllegalArgumentException saying what to write instead
   */
  static SnowflakeSettings of(SnowflakeOptions options) {
    Relation relation = relation(options);
    checkIncrement(options, relation);
    String integration =
        required(options, "snowflakeStorageIntegration", "the integration for the staging bucket");
    if (!SqlText.isName(integration)) {
      throw new IllegalArgumentException(
          "--snowflakeStorageIntegration is '%s'; write the name of an integration"
              .formatted(integration));
    }
    return new SnowflakeSettings(
        account(options),
        relation,
        options.getSnowflakeFormat(),
        integration,
        staging(required(options, "snowflakeStagingBucket", "gs://BUCKET/FOLDER/")),
        options.getIncrement(),
        options.getIncrementColumn(),
        options.getOverlap(),
        options.getSince());
  }

  /** What the source is called in the ledger and in dead letters. */
  String name() {
    return "snowflake:%s/%s"
        .formatted(account.name(), relation.name(account.database(), account.schema()));
  }

  private static SnowflakeAccount account(SnowflakeOptions options) {
    SnowflakeLogin login = login(options);
    String user =
        login instanceof SnowflakeLogin.OAuth
            ? options.getSnowflakeUser()
            : required(options, "snowflakeUser", "the user to log in as");
    return new SnowflakeAccount(
        SnowflakeAccount.checkedUrl(
            required(options, "snowflakeUrl", "https://ORG-ACCOUNT.snowflakecomputing.com")),
        name(options, "snowflakeDatabase", "the database to look names up in"),
        name(options, "snowflakeSchema", "the schema to look names up in"),
        options.getSnowflakeWarehouse(),
        options.getSnowflakeRole(),
        user,
        login);
  }

  private static SnowflakeLogin login(SnowflakeOptions options) {
    String key = options.getSnowflakePrivateKey();
    String password = options.getSnowflakePassword();
    String token = options.getSnowflakeToken();
    String passphrase = options.getSnowflakePrivateKeyPassphrase();
    if (Arrays.asList(key, password, token).stream().filter(Objects::nonNull).count() != 1) {
      throw new IllegalArgumentException(
          "say how to log in by exactly one of --snowflakePrivateKey, --snowflakePassword and"
              + " --snowflakeToken, as in --snowflakePrivateKey=file:PATH");
    }
    if (passphrase != null && key == null) {
      throw new IllegalArgumentException(
          "--snowflakePrivateKeyPassphrase is for --snowflakePrivateKey; leave it out");
    }
    if (key != null) {
      return new SnowflakeLogin.KeyPair(
          secret("snowflakePrivateKey", key),
          passphrase == null ? null : secret("snowflakePrivateKeyPassphrase", passphrase));
    }
    return password != null
        ? new SnowflakeLogin.Password(secret("snowflakePassword", password))
        : new SnowflakeLogin.OAuth(secret("snowflakeToken", Objects.requireNonNull(token)));
  }

  private static SecretRef secret(String option, String reference) {
    try {
      return SecretRef.parse(reference);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--" + option + ": " + e.getMessage(), e);
    }
  }

  private static Relation relation(SnowflakeOptions options) {
    String table = options.getSnowflakeTable();
    String query = options.getSnowflakeQuery();
    if ((table == null) == (query == null)) {
      throw new IllegalArgumentException(
          "say what to read from Snowflake by either --snowflakeTable or --snowflakeQuery");
    }
    if (table == null) {
      return new Relation.Query(Objects.requireNonNull(query));
    }
    if (!SqlText.isPath(table)) {
      throw new IllegalArgumentException(
          "--snowflakeTable is '%s'; write NAME, SCHEMA.NAME or DATABASE.SCHEMA.NAME"
              .formatted(table));
    }
    return new Relation.Table(table);
  }

  private static void checkIncrement(SnowflakeOptions options, Relation relation) {
    Increment increment = options.getIncrement();
    boolean hasColumn = options.getIncrementColumn() != null;
    if (increment == Increment.column && !hasColumn) {
      throw new IllegalArgumentException(
          "--increment=column wants --incrementColumn=NAME, the column with the load time");
    }
    if (increment != Increment.column && hasColumn) {
      throw new IllegalArgumentException(
          "--incrementColumn is for --increment=column; write that, or leave it out");
    }
    if (increment == Increment.changes && relation instanceof Relation.Query) {
      throw new IllegalArgumentException(
          "--increment=changes is for --snowflakeTable; with a query write --increment=column");
    }
    if (increment == Increment.none && options.getSince() != null) {
      throw new IllegalArgumentException(
          "--since is for increments; write --increment=column or --increment=changes too");
    }
    if (options.getOverlap().isNegative()) {
      throw new IllegalArgumentException(
          "--overlap is %s; it has to be zero or more".formatted(options.getOverlap()));
    }
  }

  private static String staging(String folder) {
    boolean isBucket = folder.matches("gs://[^/'*?]+(/[^'*?]*)?");
    boolean isLocal = folder.matches("/[^'*?]+");
    if (!isBucket && !isLocal) {
      throw new IllegalArgumentException(
          "--snowflakeStagingBucket is '%s'; write gs://BUCKET/FOLDER/".formatted(folder));
    }
    return folder.endsWith("/") ? folder : folder + '/';
  }

  private static String name(SnowflakeOptions options, String option, String meaning) {
    String name = required(options, option, meaning);
    if (!SqlText.isName(name)) {
      throw new IllegalArgumentException("--%s is '%s'; write one name".formatted(option, name));
    }
    return name;
  }

  private static String required(SnowflakeOptions options, String option, String meaning) {
    String value = given(options).get(option);
    if (value == null) {
      throw new IllegalArgumentException("--%s is missing: %s".formatted(option, meaning));
    }
    return value;
  }

  private static Map<String, @Nullable String> given(SnowflakeOptions options) {
    Map<String, @Nullable String> given = new LinkedHashMap<>();
    given.put("snowflakeUrl", options.getSnowflakeUrl());
    given.put("snowflakeWarehouse", options.getSnowflakeWarehouse());
    given.put("snowflakeDatabase", options.getSnowflakeDatabase());
    given.put("snowflakeSchema", options.getSnowflakeSchema());
    given.put("snowflakeRole", options.getSnowflakeRole());
    given.put("snowflakeUser", options.getSnowflakeUser());
    given.put("snowflakePrivateKey", options.getSnowflakePrivateKey());
    given.put("snowflakePrivateKeyPassphrase", options.getSnowflakePrivateKeyPassphrase());
    given.put("snowflakePassword", options.getSnowflakePassword());
    given.put("snowflakeToken", options.getSnowflakeToken());
    given.put("snowflakeTable", options.getSnowflakeTable());
    given.put("snowflakeQuery", options.getSnowflakeQuery());
    given.put("snowflakeStorageIntegration", options.getSnowflakeStorageIntegration());
    given.put("snowflakeStagingBucket", options.getSnowflakeStagingBucket());
    return given;
  }
}
