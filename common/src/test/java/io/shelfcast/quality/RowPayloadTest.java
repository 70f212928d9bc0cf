package io.shelfcast.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.shelfcast.domain.ScoreBatch;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class RowPayloadTest {

  @Example
  void aRowOfABatchIsWrittenWithTheNamesOfTheContract() {
    ScoreBatch.Builder batch = ScoreBatch.builder("f", "m", 1);
    batch.add(1, 7, 11, 1.5, 1_717_826_407_123_456L);
    assertEquals(
        "{\"store_id\":7,\"product_id\":11,\"model_version\":\"m\",\"score\":1.5,"
            + "\"scored_at\":\"2024-06-08T06:00:07.123456Z\"}",
        RowPayload.of(batch.build(UUID.randomUUID()), 0));
  }

  @Property(tries = 300)
  void anyTextComesBackAsItWas(@ForAll Map<String, String> values) {
    assertEquals(values, RowPayload.parse(RowPayload.of(values)));
  }

  @Example
  void aNotANumberIsReadBackAsItsWord() {
    ScoreBatch.Builder batch = ScoreBatch.builder("f", "m", 1);
    batch.add(1, 7, 11, Double.NaN, 0);
    assertEquals(
        "NaN", RowPayload.parse(RowPayload.of(batch.build(UUID.randomUUID()), 0)).get("score"));
  }

  @Example
  void whatIsNoObjectOfPlainValuesIsNotTakenForOne() {
    assertNull(RowPayload.parse(RowPayload.of(List.of("1", "2"))));
    assertNull(RowPayload.parse(""));
    assertNull(RowPayload.parse("{\"store_id\":"));
    assertNull(RowPayload.parse("{\"store_id\":{}}"));
    assertNull(RowPayload.parse("{} {}"));
    assertNull(RowPayload.parse("store 7"));
  }
}
