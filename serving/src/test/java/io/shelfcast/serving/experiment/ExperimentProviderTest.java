package io.shelfcast.serving.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.openfeature.sdk.Value;
import io.shelfcast.experiment.Allocation;
import io.shelfcast.experiment.Experiment;
import io.shelfcast.experiment.Percentage;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ExperimentProviderTest {

  private static final String FLAG = "availability-model";

  private final AtomicReference<ExperimentSnapshot> current =
      new AtomicReference<>(ExperimentSnapshot.NONE);
  private final ExperimentProvider provider = new ExperimentProvider(current::get);

  /** With the salt "salt" user u1 is in bucket 157, u2 in 825. */
  private static ExperimentSnapshot snapshot(int tenths, Map<String, Set<String>> segments) {
    Allocation allocation =
        Allocation.ALL_LIVE.withPercentages(Map.of((short) 3, new Percentage(tenths)));
    return new ExperimentSnapshot(
        new Experiment("salt", allocation, segments), Map.of((short) 3, "v3"));
  }

  @Test
  void theFlagIsTheNameOfTheUsersModelVersionByLot() {
    current.set(snapshot(500, Map.of()));
    assertAnswer("v3", "SPLIT", new ImmutableContext("u1"));
    assertAnswer("live", "SPLIT", new ImmutableContext("u2"));
  }

  @Test
  void whoTakesNoPartGetsTheDefaultAndIsSaidTo() {
    assertAnswer("live", "DEFAULT", new ImmutableContext("u1"));
    current.set(snapshot(500, Map.of("city", Set.of("12"))));
    assertAnswer("live", "DEFAULT", new ImmutableContext("u1"));
    assertAnswer("live", "DEFAULT", new ImmutableContext(Map.of("city", new Value("12"))));
    assertAnswer("live", "DEFAULT", context("u1", new Value("13")));
    assertAnswer("live", "DEFAULT", context("u1", new Value()));
    assertAnswer("v3", "SPLIT", context("u1", new Value("12")));
    assertAnswer("v3", "SPLIT", context("u1", new Value(12)));
  }

  private static ImmutableContext context(String userId, Value city) {
    return new ImmutableContext(userId, Map.of("city", city, "surface", new Value("search")));
  }

  @Test
  void aChangeIsInForceWithTheNextEvaluation() {
    current.set(snapshot(100, Map.of()));
    assertAnswer("live", "SPLIT", new ImmutableContext("u1"));
    current.set(snapshot(200, Map.of()));
    assertAnswer("v3", "SPLIT", new ImmutableContext("u1"));
  }

  @Test
  void aCandidateThatIsNotServedIsTheDefault() {
    ExperimentSnapshot known = snapshot(500, Map.of());
    current.set(new ExperimentSnapshot(known.experiment(), Map.of((short) 4, "v4")));
    assertAnswer("live", "SPLIT", new ImmutableContext("u1"));
  }

  private void assertAnswer(String value, String reason, EvaluationContext context) {
    ProviderEvaluation<String> answer = provider.getStringEvaluation(FLAG, "live", context);
    assertEquals(value, answer.getValue());
    assertEquals(value, answer.getVariant());
    assertEquals(reason, answer.getReason());
    assertNull(answer.getErrorCode());
  }

  @Test
  void otherFlagsAndOtherTypesAreErrorsThatKeepTheDefault() {
    EvaluationContext context = new ImmutableContext("u1");
    ProviderEvaluation<String> other = provider.getStringEvaluation("colour", "red", context);
    assertEquals("red", other.getValue());
    assertEquals(ErrorCode.FLAG_NOT_FOUND, other.getErrorCode());
    assertEquals("there is no flag 'colour', only 'availability-model'", other.getErrorMessage());
    assertEquals(
        ErrorCode.FLAG_NOT_FOUND,
        provider.getBooleanEvaluation("colour", true, context).getErrorCode());
    assertEquals(
        ErrorCode.TYPE_MISMATCH, provider.getBooleanEvaluation(FLAG, true, context).getErrorCode());
    assertEquals(
        ErrorCode.TYPE_MISMATCH, provider.getIntegerEvaluation(FLAG, 1, context).getErrorCode());
    assertEquals(
        ErrorCode.TYPE_MISMATCH, provider.getDoubleEvaluation(FLAG, 1.0, context).getErrorCode());
    assertEquals(
        ErrorCode.TYPE_MISMATCH,
        provider.getObjectEvaluation(FLAG, new Value(), context).getErrorCode());
  }
}
