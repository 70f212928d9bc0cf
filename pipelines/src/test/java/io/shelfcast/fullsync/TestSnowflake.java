package io.shelfcast.fullsync;

import io.shelfcast.run.RunListener;
import io.shelfcast.run.RunResult;
import io.shelfcast.snowflake.emulator.SnowflakeEmulator;
import io.shelfcast.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** Full syncs from a stand-in for Snowflake, by way of a local folder. */
final class TestSnowflake implements AutoCloseable {

  static final String PASSWORD = "Vx4Gp7Rk9Ws1Td3m";

  private final SnowflakeEmulator emulator;
  private final Path folder;
  private final List<String> decisions = new ArrayList<>();

  /**
   * @param folder for what is staged, and the password
   */
  TestSnowflake(Path folder) {
    this(folder, SnowflakeEmulator.builder());
  }

  TestSnowflake(Path folder, SnowflakeEmulator.Builder builder) {
    this.folder = folder;
    this.emulator = builder.account("local").storageIntegration("GCS_INT").start();
    emulator.userWithPassword("sync", PASSWORD);
    try {
      Files.writeString(folder.resolve("password"), PASSWORD);
      Files.createDirectories(staging());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  SnowflakeEmulator emulator() {
    return emulator;
  }

  Path staging() {
    return folder.resolve("staging");
  }

  /** The files that are staged now. */
  List<String> staged() throws IOException {
    try (Stream<Path> files = Files.walk(staging())) {
      return files.filter(Files::isRegularFile).map(Path::toString).toList();
    }
  }

  /** What runs said they did otherwise than they were asked to. */
  List<String> decisions() {
    return decisions;
  }

  /** A run of the table, or of what the arguments say instead. */
  RunResult run(TestDatabase database, String... arguments) {
    return FullSyncPipeline.run(
        PipelineOptionsFactory.fromArgs(arguments(database, arguments))
            .withValidation()
            .as(FullSyncOptions.class),
        new RunListener() {
          @Override
          public void decided(String what) {
            decisions.add(what);
          }
        });
  }

  String[] arguments(TestDatabase database, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    addUnlessGiven(all, "--snowflakeUrl=", emulator.url());
    addUnlessGiven(all, "--snowflakeDatabase=", "AVAILABILITY");
    addUnlessGiven(all, "--snowflakeSchema=", "PUBLIC");
    addUnlessGiven(all, "--snowflakeWarehouse=", "LOADING");
    addUnlessGiven(all, "--snowflakeRole=", "SHELFCAST");
    addUnlessGiven(all, "--snowflakeUser=", "sync");
    if (all.stream().noneMatch(argument -> argument.matches("--snowflake(Pass|Priv|Token).*"))) {
      all.add("--snowflakePassword=file:" + folder.resolve("password"));
    }
    if (all.stream().noneMatch(argument -> argument.startsWith("--snowflakeQuery"))) {
      addUnlessGiven(all, "--snowflakeTable=", "scores");
    }
    addUnlessGiven(all, "--snowflakeStorageIntegration=", "gcs_int");
    addUnlessGiven(all, "--snowflakeStagingBucket=", staging().toString());
    all.add("--jdbcUrl=" + database.config().jdbcUrl());
    all.add("--jdbcUser=" + database.config().user());
    return all.toArray(new String[0]);
  }

  private static void addUnlessGiven(List<String> arguments, String option, String value) {
    if (arguments.stream().noneMatch(argument -> argument.startsWith(option))) {
      arguments.add(option + value);
    }
  }

  @Override
  public void close() {
    emulator.close();
  }
}
