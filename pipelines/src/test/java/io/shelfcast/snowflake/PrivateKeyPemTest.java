package io.shelfcast.snowflake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateKeyPemTest {

  private static final PrivateKey KEY = key();

  @TempDir private Path folder;

  @Test
  void aPlainKeyIsReadAndAPassphraseThatItDoesNotNeedIgnored() {
    String pem = Keys.pem(KEY);
    assertArrayEquals(KEY.getEncoded(), PrivateKeyPem.parse(pem, null).getEncoded());
    assertArrayEquals(KEY.getEncoded(), PrivateKeyPem.parse(pem, "not needed").getEncoded());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PBEWithHmacSHA256AndAES_256",
        "PBEWithHmacSHA1AndAES_128",
        "PBEWithSHA1AndDESede",
        "PBEWithMD5AndDES"
      })
  void anEncryptedKeyIsReadWhateverItsScheme(String scheme) {
    String pem = Keys.encryptedPem(KEY, scheme, "open sesame");
    assertArrayEquals(KEY.getEncoded(), PrivateKeyPem.parse(pem, "open sesame").getEncoded());
  }

  @Test
  void aKeyThatOpensslEncryptsIsRead() throws Exception {
    Path plain = Files.writeString(folder.resolve("plain.pem"), Keys.pem(KEY));
    for (String[] scheme :
        List.of(
            new String[] {},
            new String[] {"-v2", "aes-256-cbc"},
            new String[] {"-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA512"})) {
      Path encrypted = folder.resolve("encrypted.pem");
      List<String> command =
          new ArrayList<>(List.of("openssl", "pkcs8", "-topk8", "-in", plain.toString()));
      command.addAll(List.of("-out", encrypted.toString(), "-passout", "pass:open sesame"));
      command.addAll(List.of(scheme));
      assumeTrue(runs(command), "no openssl here");
      assertArrayEquals(
          KEY.getEncoded(),
          PrivateKeyPem.parse(Files.readString(encrypted), "open sesame").getEncoded());
    }
  }

  @Test
  void whatIsWrongIsSaidWithoutAWordOfTheKey() {
    String encrypted = Keys.encryptedPem(KEY, "PBEWithHmacSHA256AndAES_256", "open sesame");
    assertFails("--snowflakePrivateKeyPassphrase=env:NAME", encrypted, null);
    assertFails("is --snowflakePrivateKeyPassphrase the right one?", encrypted, "sesame open");
    assertFails("no key in PEM form", "MIIEvQIBADANBg", null);
    assertFails(
        "is a 'RSA PRIVATE KEY', not PKCS#8",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
        null);
    assertFails(
        "no RSA key in PKCS#8",
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg==\n-----END PRIVATE KEY-----",
        null);
  }

  private static void assertFails(String message, String pem, String passphrase) {
    SnowflakeException e =
        assertThrows(SnowflakeException.class, () -> PrivateKeyPem.parse(pem, passphrase));
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
    assertFalse(e.getMessage().contains("MIIE"), e.getMessage());
    assertFalse(e.getMessage().contains("sesame"), e.getMessage());
    assertNull(e.getCause());
  }

  private static boolean runs(List<String> command) throws Exception {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (java.io.IOException e) {
      return false;
    }
  }

  private static PrivateKey key() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair().getPrivate();
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
