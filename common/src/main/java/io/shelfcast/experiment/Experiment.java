package io.shelfcast.experiment;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which users get a candidate in place of the live model version. The same user gets the same one
 * on every server, and goes on getting it until the share of that candidate is made smaller or the
 * salt is changed.
 *
 * @param salt what is hashed with a user's id; another one deals all users anew
 * @param allocation which candidate each bucket of users gets
 * @param segments attributes and their allowed values; whoever lacks one of them, or has another
 *     value, gets the live version. Empty: all users take part.
 */
public record Experiment(String salt, Allocation allocation, Map<String, Set<String>> segments) {

  /** What the experiment is called in OpenFeature; its value is the name of a model version. */
  public static final String FLAG = "availability-model";

  public Experiment {
    if (salt.isEmpty()) {
      throw new IllegalArgumentException("an experiment has to have a salt");
    }
    Map<String, Set<String>> copy = new HashMap<>();
    segments.forEach(
        (attribute, values) -> {
          if (attribute.isBlank() || values.isEmpty()) {
            throw new IllegalArgumentException(
                "segment '%s' has no name or no value; write for example city=12,13"
                    .formatted(attribute));
          }
          copy.put(attribute, Set.copyOf(values));
        });
    segments = Map.copyOf(copy);
  }

  /**
   * The candidate that a user gets.
   *
   * @param userId nothing, or an empty text, for a reader that is no known user
   * @param attributes of the request
   * @return the id of a model version, or {@link Allocation#LIVE}
   */
  public short assign(@Nullable String userId, Map<String, String> attributes) {
    return userId == null || !takesPart(userId, attributes)
        ? Allocation.LIVE
        : allocation.candidate(bucket(userId));
  }

  /**
   * Whether a request is in the experiment, for a candidate or for the live version: there is one,
   * the user is known, and the attributes are in every segment.
   */
  public boolean takesPart(@Nullable String userId, Map<String, String> attributes) {
    if (userId == null || userId.isEmpty() || allocation.equals(Allocation.ALL_LIVE)) {
      return false;
    }
    for (Map.Entry<String, Set<String>> segment : segments.entrySet()) {
      String value = attributes.get(segment.getKey());
      if (value == null || !segment.getValue().contains(value)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The bucket of a user: the first 32 bits of the SHA-256 of {@code SALT:USER} in UTF-8, as a
   * number without sign, modulo {@value Allocation#BUCKETS}. A fixed contract: whoever evaluates an
   * experiment computes it again, in Python as {@code int(sha256(text).hexdigest()[:8], 16) %
   * 1000}, in PostgreSQL as {@code ('x' || left(encode(sha256(text), 'hex'), 8))::bit(32)::bigint %
   * 1000}.
   */
  public int bucket(String userId) {
    byte[] hash = sha256().digest((salt + ":" + userId).getBytes(StandardCharsets.UTF_8));
    return Integer.remainderUnsigned(ByteBuffer.wrap(hash).getInt(), Allocation.BUCKETS);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
