package io.shelfcast.serving;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.zip.CRC32C;

/**
 * Which model version and policy made an answer, and since when they do for this user: what the
 * answer's {@code consistency_token} says. It is no secret and gives no right; its checksum tells
 * what is not one of ours from what is.
 *
 * @param modelVersionId whose scores
 * @param policyVersion which thresholds; 0: the built-in ones
 * @param issuedAt when the first answer of its kind was given, to the second
 */
record ConsistencyToken(short modelVersionId, int policyVersion, Instant issuedAt) {

  private static final byte FORMAT = 1;
  private static final int CONTENT_BYTES = 1 + 2 + 4 + 8;
  private static final int BYTES = CONTENT_BYTES + 4;

  /** By how much the clocks of two servers may differ. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  /** Reads a token. */
  static ConsistencyToken parse(String text, Instant now) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw bad();
    }
    if (bytes.length != BYTES || bytes[0] != FORMAT) {
      throw bad();
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (buffer.getInt(CONTENT_BYTES) != checksum(bytes)) {
      throw bad();
    }
    long seconds = buffer.getLong(7);
    if (seconds < 0 || seconds > now.plus(SKEW).getEpochSecond()) {
      throw bad();
    }
    return new ConsistencyToken(
        buffer.getShort(1), buffer.getInt(3), Instant.ofEpochSecond(seconds));
  }

  /** As clients send it back. */
  String text() {
    ByteBuffer buffer =
        ByteBuffer.allocate(BYTES)
            .put(FORMAT)
            .putShort(modelVersionId)
            .putInt(policyVersion)
            .putLong(issuedAt.getEpochSecond());
    buffer.putInt(checksum(buffer.array()));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(buffer.array());
  }

  boolean isExpired(Instant now, Duration ttl) {
    return !now.isBefore(issuedAt.plus(ttl));
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, CONTENT_BYTES);
    return (int) crc.getValue();
  }

  private static InvalidRequestException bad() {
    return new InvalidRequestException(
        "/consistency_token",
        "consistency_token is not one that this service gave; send one from an answer as it is,"
            + " or none");
  }
}
