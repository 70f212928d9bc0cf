package io.shelfcast.snowflake.emulator;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is let in, by the driver's own ways to log in, and by tokens that no driver makes. */
class LoginTest {

  private static final KeyPair KEYS = keys();
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  private final SnowflakeEmulator snowflake = Client.emulator().start();

  @AfterEach
  void close() {
    snowflake.close();
  }

  @Test
  void aPasswordLetsItsUserIn() throws SQLException {
    snowflake.userWithPassword("sync", "right");
    assertWorks("password", "right");
    assertRefused(390100, "Incorrect username or password", "password", "wrong");
    assertEquals(
        List.of(new Login("SYNC", "SNOWFLAKE", null), new Login("SYNC", "SNOWFLAKE", "390100")),
        snowflake.logins());
    assertFalse(snowflake.logins().toString().contains("right"));
  }

  @Test
  void aTokenLetsItsUserInAlsoWithoutAName() throws SQLException {
    snowflake.userWithOAuthToken("SYNC", "token-1");
    assertWorks("authenticator", "OAUTH", "token", "token-1");
    assertRefused(390303, "Invalid OAuth", "authenticator", "OAUTH", "token", "token-2");
  }

  @Test
  void aKeyPairLetsItsUserIn() throws SQLException {
    snowflake.userWithKey("SYNC", (RSAPublicKey) keys().getPublic());
    snowflake.userWithKey("SYNC", (RSAPublicKey) KEYS.getPublic());
    try (Connection connection = withKey(KEYS)) {
      assertEquals(List.of("1"), Client.rows(connection, "SELECT 1"));
    }
    assertEquals(List.of(new Login("SYNC", "SNOWFLAKE_JWT", null)), snowflake.logins());
  }

  @Test
  void anotherKeyIsRefused() {
    snowflake.userWithKey("SYNC", (RSAPublicKey) KEYS.getPublic());
    SQLException e = assertThrows(SQLException.class, () -> withKey(keys()).close());
    assertTrue(e.getMessage().contains("JWT token is invalid"), e.getMessage());
    assertEquals(390144, e.getErrorCode());
  }

  @Test
  void aTokenHasToBeRightInEachOfItsParts() throws GeneralSecurityException {
    String header = "{\"alg\":\"RS256\"}";
    String issuer = "LOCAL.SYNC." + fingerprint();
    assertDoesNotThrow(() -> verify(token(header, issuer, "LOCAL.SYNC", 0, 60)));
    for (String wrong :
        List.of(
            token(header, issuer, "LOCAL.SYNC", -120, -60),
            token(header, issuer, "LOCAL.SYNC", 600, 660),
            token(header, issuer, "LOCAL.SYNC", -7200, 60),
            token(header, issuer, "LOCAL.OTHER", 0, 60),
            token(header, "LOCAL.OTHER." + fingerprint(), "LOCAL.SYNC", 0, 60),
            token(header, "LOCAL.SYNC.SHA256:AAAA", "LOCAL.SYNC", 0, 60),
            token("{\"alg\":\"none\"}", issuer, "LOCAL.SYNC", 0, 60),
            token(header, issuer, "LOCAL.SYNC", 0, 60).replaceFirst("[^.]*$", ""),
            token(header, issuer, "LOCAL.SYNC", 0, 60).replaceFirst("[.]..", ".AA"),
            "nonsense")) {
      SqlFailure e = assertThrows(SqlFailure.class, () -> verify(wrong), wrong);
      assertEquals("390144", e.code());
    }
  }

  @Test
  void aRoleThatIsNotThereIsRefused() {
    snowflake.userWithPassword("SYNC", "right");
    assertRefused(390189, "Role 'OTHER'", "password", "right", "role", "OTHER");
  }

  @Test
  void withoutItsWarehouseAQueryDoesNotRun() throws SQLException {
    snowflake.userWithPassword("SYNC", "right");
    try (Connection connection =
        Client.connect(snowflake, "password", "right", "warehouse", "OTHER")) {
      SQLException e = assertThrows(SQLException.class, () -> Client.rows(connection, "SELECT 1"));
      assertEquals(606, e.getErrorCode());
    }
  }

  private Connection withKey(KeyPair keys) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "sync");
    properties.put("privateKey", keys.getPrivate());
    return DriverManager.getConnection(snowflake.jdbcUrl(), properties);
  }

  private void assertWorks(String... properties) throws SQLException {
    try (Connection connection = Client.connect(snowflake, properties)) {
      assertEquals(List.of("1"), Client.rows(connection, "SELECT 1"));
    }
  }

  private void assertRefused(int code, String message, String... properties) {
    SQLException e =
        assertThrows(SQLException.class, () -> Client.connect(snowflake, properties).close());
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertEquals(code, e.getErrorCode());
  }

  private static void verify(String token) {
    new KeyPairToken("LOCAL", "SYNC", List.of((RSAPublicKey) KEYS.getPublic()))
        .verify(token, InstantSource.fixed(NOW));
  }

  private static String token(
      String header, String issuer, String subject, int issuedIn, int expiresIn)
      throws GeneralSecurityException {
    String claims =
        "{\"iss\":\"%s\",\"sub\":\"%s\",\"iat\":%d,\"exp\":%d}"
            .formatted(
                issuer, subject, NOW.getEpochSecond() + issuedIn, NOW.getEpochSecond() + expiresIn);
    String signed = base64(bytes(header)) + "." + base64(bytes(claims));
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(KEYS.getPrivate());
    signature.update(bytes(signed));
    return signed + "." + base64(signature.sign());
  }

  private static String fingerprint() throws GeneralSecurityException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(KEYS.getPublic().getEncoded());
    return "SHA256:" + Base64.getEncoder().encodeToString(digest);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
