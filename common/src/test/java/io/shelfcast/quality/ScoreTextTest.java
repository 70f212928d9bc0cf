package io.shelfcast.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.shelfcast.domain.Micros;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoreTextTest {

  private static final RowRules RULES =
      RowRules.asOf(Instant.parse("2024-06-08T12:00:00Z"), Duration.ofMinutes(5));
  private static final String AT = "2024-06-08T06:00:00Z";

  private final ScoreText text = new ScoreText(RULES, null);

  @Test
  void aGoodRowIsReadIntoNumbers() {
    assertNull(text.read("7", " 11 ", "realtime-v2", "9.3e-1", "2024-06-08T06:00:07.123456Z"));
    assertEquals(7, text.storeId());
    assertEquals(11, text.productId());
    assertEquals("realtime-v2", text.modelVersion());
    assertEquals(0.93, text.score());
    assertEquals(micros("2024-06-08T06:00:07.123456Z"), text.scoredAtMicros());
  }

  @ParameterizedTest
  @CsvSource({
    "2024-06-08T06:00:07Z,2024-06-08T06:00:07Z",
    "2024-06-08t06:00:07z,2024-06-08T06:00:07Z",
    "2024-06-08 06:00:07,2024-06-08T06:00:07Z",
    "2024-06-08T06:00,2024-06-08T06:00:00Z",
    "2024-06-08T08:00:07+02:00,2024-06-08T06:00:07Z",
    "2024-06-08 08:00:07.5+0200,2024-06-08T06:00:07.5Z",
    "2024-06-08 08:00:07+02,2024-06-08T06:00:07Z",
    "2024-06-08T06:00:07.123456789Z,2024-06-08T06:00:07.123456Z"
  })
  void timesAreIso8601AndUtcWithoutAnOffset(String written, String meant) {
    assertNull(text.read("1", "1", "m", "0.5", written));
    assertEquals(micros(meant), text.scoredAtMicros());
  }

  @ParameterizedTest
  @CsvSource({
    ",1,m,0.5,store_id_missing",
    "abc,1,m,0.5,store_id_not_a_number",
    "1.5,1,m,0.5,store_id_not_a_number",
    "9223372036854775808,1,m,0.5,store_id_not_a_number",
    "-1,1,m,0.5,store_id_negative",
    "1,' ',m,0.5,product_id_missing",
    "1,1e3,m,0.5,product_id_not_a_number",
    "1,-7,m,0.5,product_id_negative",
    "1,1,,0.5,model_version_missing",
    "1,1,a b,0.5,model_version_malformed",
    "1,1,модель,0.5,model_version_malformed",
    "1,1,m,,score_missing",
    "1,1,m,high,score_not_a_number",
    "1,1,m,0x1p-1,score_not_a_number",
    "1,1,m,1f,score_not_a_number",
    "1,1,m,1e,score_not_a_number",
    "1,1,m,'0,5',score_not_a_number",
    "1,1,m,NaN,score_nan",
    "1,1,m,-Infinity,score_infinite",
    "1,1,m,inf,score_infinite",
    "1,1,m,1e400,score_infinite",
    "1,1,m,1.0001,score_out_of_range",
    "1,1,m,-0.1,score_out_of_range"
  })
  void whatIsWrongIsNamed(String store, String product, String model, String score, String reason) {
    assertEquals(reason, text.read(store, product, model, score, AT).reason());
  }

  @ParameterizedTest
  @CsvSource({
    ",scored_at_missing",
    "yesterday,scored_at_unparsable",
    "2024-06-31T06:00:00Z,scored_at_unparsable",
    "1717826400,scored_at_unparsable",
    "1999-12-31T23:59:59Z,scored_at_before_2000",
    "2024-06-08T12:05:00.000001Z,scored_at_in_future",
    "2263-01-01T00:00:00Z,scored_at_in_future",
    "+999999999-01-01T00:00:00Z,scored_at_in_future"
  })
  void whatIsWrongWithTheTimeIsNamed(String scoredAt, String reason) {
    assertEquals(reason, text.read("1", "1", "m", "0.5", scoredAt).reason());
  }

  @Test
  void aRowAfterABadOneIsReadOnItsOwn() {
    text.read("1", "1", "m", "0.5", AT);
    text.read("1", "1", "m", "0.5", "nonsense");
    assertNull(text.read("2", "3", "n", "0.6", AT));
    assertEquals(micros(AT), text.scoredAtMicros());
    assertEquals("n", text.modelVersion());
  }

  @Test
  void theDefaultModelVersionIsForRowsThatNameNone() {
    ScoreText withDefault = new ScoreText(RULES, "general-v1");
    assertNull(withDefault.read("1", "1", null, "0.5", AT));
    assertEquals("general-v1", withDefault.modelVersion());
    assertNull(withDefault.read("1", "1", "other", "0.5", AT));
    assertEquals("other", withDefault.modelVersion());
  }

  @Test
  void aLongValueIsShortenedInTheMessage() {
    String detail = text.read("x".repeat(1_000_000), "1", "m", "0.5", AT).detail();
    assertEquals(true, detail.length() < 200, detail);
  }

  private static long micros(String instant) {
    return Micros.of(Instant.parse(instant));
  }
}
