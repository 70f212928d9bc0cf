package io.shelfcast.local;

import io.shelfcast.local.generate.ScoreSet;
import io.shelfcast.local.generate.ScoreSetWriter;
import io.shelfcast.snowflake.emulator.SnowflakeEmulator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the stand-in for Snowflake until it is stopped, with a table of scores to sync. */
@Command(
    name = "snowflake-emulator",
    description =
        "Run a stand-in for Snowflake, with a table of scores, until it is stopped; tells how to"
            + " sync from it.")
final class SnowflakeEmulatorCommand implements Callable<Integer> {

  private static final String TABLE = "SCORES";
  private static final String USER = "SHELFCAST";
  private static final String INTEGRATION = "LOCAL_FILES";

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8082",
      converter = PortNumber.class,
      description =
          "Port of 127.0.0.1 to listen at; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--input",
      paramLabel = "GLOB",
      description = "Score files (Parquet, local) to fill the table with. Default: generated ones.")
  private @Nullable String input;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  @SuppressWarnings("try") // The task is held, not used.
  public Integer call() throws IOException, InterruptedException {
    Path folder = ServingDatabase.home().resolve("snowflake");
    Path key = folder.resolve("rsa_key.p8");
    Files.createDirectories(folder);
    try (SnowflakeEmulator snowflake = start();
        Cleanup.Task onExit = Cleanup.onExit(snowflake::close)) {
      KeyPair keys = KeyFile.write(key);
      snowflake.userWithKey(USER, (RSAPublicKey) keys.getPublic());
      long rows = fill(snowflake, folder);
      PrintWriter err = spec.commandLine().getErr();
      err.printf(
          "snowflake emulator: listening on %s, %d rows in AVAILABILITY.PUBLIC.%s; sync them by%n",
          snowflake.url(), rows, TABLE);
      err.println(fullSync(snowflake.url(), key, folder.resolve("staging")));
      Cleanup.awaitExit();
      return 0;
    }
  }

  private SnowflakeEmulator start() {
    try {
      return SnowflakeEmulator.builder().storageIntegration(INTEGRATION).port(port).start();
    } catch (UncheckedIOException e) {
      throw new CommandException(
          "port %d is taken; give another with --port (0 takes a free one)".formatted(port), e);
    }
  }

  private long fill(SnowflakeEmulator snowflake, Path folder)
      throws IOException, InterruptedException {
    String files = input == null ? generated(folder.resolve("scores")) : input;
    try {
      snowflake.loadParquet(TABLE, files);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "--input=%s: %s".formatted(files, e.getMessage()), e);
    }
    // So that --increment=changes has something to ask.
    snowflake.trackChanges(TABLE);
    return snowflake.count(TABLE);
  }

  private static String generated(Path folder) throws IOException, InterruptedException {
    ScoreSet set = new ScoreSet(100, 1000, "realtime-v2", Instant.now(), 1);
    int unused =
        new ScoreSetWriter(Runtime.getRuntime().availableProcessors())
            .write(set, folder, done -> {});
    return folder.resolve("*.parquet").toString();
  }

  private static String fullSync(String url, Path key, Path staging) {
    return String.join(
        " ",
        "./shelfcast full-sync",
        "--snowflakeUrl=" + url,
        "--snowflakeUser=" + USER,
        "--snowflakePrivateKey=file:" + quoted(key),
        "--snowflakeWarehouse=LOADING",
        "--snowflakeDatabase=AVAILABILITY",
        "--snowflakeSchema=PUBLIC",
        "--snowflakeRole=SHELFCAST",
        "--snowflakeTable=" + TABLE,
        "--snowflakeStorageIntegration=" + INTEGRATION,
        "--snowflakeStagingBucket=" + quoted(staging) + "/");
  }

  /** For a shell. */
  private static String quoted(Path path) {
    String text = path.toAbsolutePath().toString();
    return text.matches("[A-Za-z0-9_./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
