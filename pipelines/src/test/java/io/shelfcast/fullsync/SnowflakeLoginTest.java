package io.shelfcast.fullsync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.run.RunListener;
import io.shelfcast.run.RunResult;
import io.shelfcast.snowflake.Keys;
import io.shelfcast.snowflake.SnowflakeFormat;
import io.shelfcast.store.RunStatus;
import io.shelfcast.store.TestDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.util.construction.PipelineTranslation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each way to log in, and that no secret is seen anywhere but where it is sent. */
class SnowflakeLoginTest {

  private static final String PASSPHRASE = "Zq8Kw3vXr7TnBe5y";
  private static final String TOKEN = "Jd5Yb9Lm2Qc6HfAx";
  private static final KeyPair PAIR = keyPair();

  private final TestDatabase test = TestDatabase.create();
  @TempDir private Path folder;
  private TestSnowflake snowflake;
  private Path secrets;

  @BeforeEach
  void start() throws Exception {
    secrets = Files.createDirectories(folder.resolve("secrets"));
    Files.writeString(secrets.resolve("plain"), Keys.pem(PAIR.getPrivate()));
    Files.writeString(
        secrets.resolve("encrypted"),
        Keys.encryptedPem(PAIR.getPrivate(), "PBEWithHmacSHA256AndAES_256", PASSPHRASE));
    Files.writeString(secrets.resolve("passphrase"), PASSPHRASE + "\n");
    Files.writeString(secrets.resolve("token"), TOKEN + "\n");
    Files.writeString(secrets.resolve("wrong"), "Ue6Nz2Cb8Mo3Gk7r");
    snowflake = new TestSnowflake(folder);
    snowflake.emulator().userWithKey("sync", (RSAPublicKey) PAIR.getPublic());
    snowflake.emulator().userWithOAuthToken("sync", TOKEN);
    snowflake
        .emulator()
        .execute(
            """
            CREATE TABLE scores AS SELECT 1::DECIMAL(38,0) AS STORE_ID, 2::DECIMAL(38,0) AS
              PRODUCT_ID, 'm' AS MODEL_VERSION, 0.5::DOUBLE AS SCORE,
              TIMESTAMPTZ '2024-06-08 06:00:00Z' AS SCORED_AT""");
  }

  @AfterEach
  void stop() {
    snowflake.close();
  }

  @ParameterizedTest
  @EnumSource
  void aKeyPairWithAnEncryptedKeyLogsIn(SnowflakeFormat format) {
    assertSucceeds(encryptedKey("--snowflakeFormat=" + format));
    assertTrue(
        snowflake.emulator().logins().stream()
            .allMatch(login -> login.toString().contains("SNOWFLAKE_JWT")),
        snowflake.emulator().logins().toString());
  }

  @Test
  void aPlainKeyATokenAndAPasswordLogIn() {
    assertSucceeds("--snowflakePrivateKey=file:" + secrets.resolve("plain"));
    assertSucceeds("--snowflakeToken=file:" + secrets.resolve("token"));
    assertSucceeds();
  }

  @Test
  void aRefusedLoginIsOneLineThatSaysWhatToCheck() {
    assertFails("(check --snowflakeUser and the secret)", wrongPassword());
    assertFails(
        "(the token is invalid or expired; get a new one)",
        "--snowflakeToken=file:" + secrets.resolve("wrong"));
    assertFails(
        "(has the user this public key",
        "--snowflakePrivateKey=file:" + secrets.resolve("plain"),
        "--snowflakeUser=somebody");
    assertFails(
        "is --snowflakePrivateKeyPassphrase the right one?",
        "--snowflakePrivateKey=file:" + secrets.resolve("encrypted"),
        "--snowflakePrivateKeyPassphrase=file:" + secrets.resolve("wrong"));
    assertFails(
        "cannot read the file of the secret file:",
        "--snowflakePassword=file:" + secrets.resolve("missing"));
  }

  @Test
  void sessionsThatExpireInTheMiddleAreRenewed() {
    snowflake.emulator().faults().slow("COPY INTO", java.time.Duration.ofSeconds(2));
    Thread expiring =
        new Thread(
            () -> {
              while (snowflake.emulator().statements().stream()
                  .noneMatch(sql -> sql.contains("COPY INTO"))) {
                Thread.onSpinWait();
              }
              snowflake.emulator().expireSessions();
            });
    expiring.start();
    assertSucceeds();
  }

  @ParameterizedTest
  @EnumSource
  void noSecretIsSeenAnywhere(SnowflakeFormat format) throws Exception {
    Queue<LogRecord> records = new ConcurrentLinkedQueue<>();
    List<Logger> loggers =
        List.of(Logger.getLogger("io.shelfcast"), Logger.getLogger("net.snowflake"));
    Handler handler = recordingTo(records);
    loggers.forEach(logger -> logger.setLevel(Level.FINEST));
    loggers.forEach(logger -> logger.addHandler(handler));
    List<RunResult> results = new ArrayList<>();
    String asFormat = "--snowflakeFormat=" + format;
    try {
      results.add(snowflake.run(test, encryptedKey(asFormat)));
      results.add(
          snowflake.run(test, "--snowflakeToken=file:" + secrets.resolve("token"), asFormat));
      results.add(snowflake.run(test, asFormat));
      results.add(snowflake.run(test, wrongPassword()));
    } finally {
      loggers.forEach(logger -> logger.removeHandler(handler));
      loggers.forEach(logger -> logger.setLevel(null));
    }
    assertTrue(
        records.stream().anyMatch(record -> record.getLoggerName().startsWith("net.snowflake")),
        "the driver's log was not seen");
    SimpleFormatter text = new SimpleFormatter();
    for (LogRecord record : records) {
      assertNoSecret(text.format(record), "log");
    }
    for (RunResult result : results) {
      assertNoSecret(result.summary().toString(), "summary");
      StringWriter trace = new StringWriter();
      if (result.failure() != null) {
        result.failure().printStackTrace(new PrintWriter(trace));
      }
      assertNoSecret(trace.toString(), "failure");
    }
    assertNoSecret(String.join("\n", test.query("SELECT sync_run::text FROM sync_run")), "ledger");
    assertNoSecret(String.join("\n", snowflake.emulator().statements()), "statements");
    assertJobHasNoSecret(encryptedKey(asFormat));
    assertJobHasNoSecret(asFormat);
  }

  /**
   * The options, their display data, and the pipeline's proto with all that is serialized in it.
   */
  private void assertJobHasNoSecret(String... arguments) {
    String open = "Tk5Wm8Jx2Rv7Lq9B";
    String[] all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = "--snowflakeStorageIntegration=" + open;
    FullSyncOptions options =
        PipelineOptionsFactory.fromArgs(snowflake.arguments(test, all)).as(FullSyncOptions.class);
    assertNoSecret(options.toString(), "options");
    assertNoSecret(DisplayData.from(options).toString(), "display data");
    Pipeline pipeline = Pipeline.create(options);
    FullSyncPipeline.of(options).build(pipeline, "run", WriteMode.merge, RunListener.SILENT);
    byte[] proto = PipelineTranslation.toProto(pipeline).toByteArray();
    String graph = new String(proto, StandardCharsets.ISO_8859_1);
    // What is no secret is found there, so a secret would be.
    assertTrue(graph.contains(open), "the integration's name");
    assertNoSecret(graph, "graph");
  }

  private static void assertNoSecret(String text, String where) {
    List<String> secrets = new ArrayList<>();
    secrets.add(PASSPHRASE);
    secrets.add(TOKEN);
    secrets.add("Ue6Nz2Cb8Mo3Gk7r");
    secrets.add(TestSnowflake.PASSWORD);
    String key = Base64.getEncoder().encodeToString(PAIR.getPrivate().getEncoded());
    for (int i = 40; i + 40 <= key.length(); i += 40) {
      secrets.add(key.substring(i, i + 40));
    }
    // As the key object has it; and short enough for a compressed stream to have it in one piece.
    String der = new String(PAIR.getPrivate().getEncoded(), StandardCharsets.ISO_8859_1);
    for (int i = 100; i + 24 <= der.length(); i += 24) {
      secrets.add(der.substring(i, i + 24));
    }
    String joined = text.replaceAll("\\s+", "");
    for (String secret : secrets) {
      assertFalse(text.contains(secret), where + " has a secret");
      assertFalse(joined.contains(secret.replace(" ", "")), where + " has a secret");
    }
  }

  private static Handler recordingTo(Queue<LogRecord> records) {
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            records.add(record);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    handler.setLevel(Level.ALL);
    return handler;
  }

  private String[] encryptedKey(String... others) {
    List<String> all = new ArrayList<>(List.of(others));
    all.add("--snowflakePrivateKey=file:" + secrets.resolve("encrypted"));
    all.add("--snowflakePrivateKeyPassphrase=file:" + secrets.resolve("passphrase"));
    return all.toArray(new String[0]);
  }

  private String wrongPassword() {
    return "--snowflakePassword=file:" + secrets.resolve("wrong");
  }

  private void assertSucceeds(String... arguments) {
    RunResult result = snowflake.run(test, arguments);
    if (result.summary().status() != RunStatus.SUCCEEDED) {
      throw new AssertionError(result.summary().toString(), result.failure());
    }
    assertEquals(1, result.summary().counts().read());
  }

  private void assertFails(String message, String... arguments) {
    RunResult result = snowflake.run(test, arguments);
    assertEquals(RunStatus.FAILED, result.summary().status());
    assertTrue(result.summary().error().contains(message), result.summary().error());
    assertEquals(1, result.summary().error().lines().count());
  }

  private static KeyPair keyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
