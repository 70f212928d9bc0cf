package io.shelfcast.snowflake.emulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * The check of a key-pair login: RS256 by one of the user's registered keys, issued and valid as
 * Snowflake documents it.
 */
final class KeyPairToken {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration SKEW = Duration.ofSeconds(60);

  private final String name;
  private final List<RSAPublicKey> keys;

  KeyPairToken(String account, String user, List<RSAPublicKey> keys) {
    this.name = (account + "." + user).toUpperCase(Locale.ROOT);
    this.keys = keys;
  }

  /** Throws what Snowflake answers to any token that is not right, with no word why. */
  void verify(String token, InstantSource clock) {
    if (keys.stream().noneMatch(key -> isValid(token, key, clock.instant()))) {
      throw new SqlFailure(
          "390144", "08001", "JWT token is invalid. [%s]".formatted(UUID.randomUUID()));
    }
  }

  private boolean isValid(String token, RSAPublicKey key, Instant now) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return false;
    }
    try {
      JsonNode header = JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
      JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
      Instant issued = Instant.ofEpochSecond(claims.path("iat").asLong(Long.MAX_VALUE >> 8));
      Instant expires = Instant.ofEpochSecond(claims.path("exp").asLong(0));
      return header.path("alg").asText().equals("RS256")
          && claims.path("sub").asText().equals(name)
          && claims.path("iss").asText().equals(name + "." + fingerprint(key))
          && !issued.isAfter(now.plus(SKEW))
          && expires.isAfter(now)
          && issued.plus(LONGEST).isAfter(now)
          && isSigned(parts, key);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      // Not a token at all: as invalid as a wrong one.
      return false;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot check a signature: " + e.getMessage(), e);
    }
  }

  private static boolean isSigned(String[] parts, RSAPublicKey key)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(key);
    signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
    byte[] bytes = Base64.getUrlDecoder().decode(parts[2]);
    return bytes.length == (key.getModulus().bitLength() + 7) / 8 && signature.verify(bytes);
  }

  private static String fingerprint(RSAPublicKey key) throws GeneralSecurityException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
    return "SHA256:" + Base64.getEncoder().encodeToString(digest);
  }
}
