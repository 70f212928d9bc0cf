package io.shelfcast.transforms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.RejectedRow;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.RowCounts;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.domain.TaggedScores;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;

class CodersTest {

  @Property(tries = 300)
  void aBatchOfAnyNumbersComesBackAsItWas(
      @ForAll List<Long> ids, @ForAll List<Double> scores, @ForAll short model) throws Exception {
    ScoreBatch.Builder builder = ScoreBatch.builder("gs://b/ü.parquet", "m.1_x-y", 1000);
    for (int i = 0; i < Math.min(ids.size(), scores.size()); i++) {
      builder.add(~ids.get(i), ids.get(i), -ids.get(i), scores.get(i), ids.get(i) * 31);
      if (model % 2 == 0) {
        builder.requestedAt(ids.get(i) * 17);
      }
    }
    ScoreBatch batch = builder.build(UUID.randomUUID());
    roundTrip(ScoreBatchCoder.of(), batch);
    roundTrip(TaggedScoresCoder.of(), new TaggedScores(model, batch));
  }

  @Example
  void theRestRoundTripsToo() throws Exception {
    roundTrip(
        RawRowsCoder.of(),
        new RawRows(
            "topic/3", "7", List.of(new RawRows.RawRow(7, "{}"), new RawRows.RawRow(9, "ü"))));
    roundTrip(RowCountsCoder.of(), new RowCounts(1, 2, 3, Long.MAX_VALUE / 2));
    roundTrip(
        RejectedRowsCoder.of(),
        new RejectedRows(
            UUID.randomUUID(),
            List.of(new RejectedRow("f", -1, "{\"ü\":\"\\u0000\"}", "score_nan", "é"))));
  }

  @Example
  void codersAreDeterministic() throws Exception {
    for (Coder<?> coder :
        List.of(
            ScoreBatchCoder.of(),
            TaggedScoresCoder.of(),
            RejectedRowsCoder.of(),
            RawRowsCoder.of(),
            RowCountsCoder.of())) {
      coder.verifyDeterministic();
      CoderProperties.coderSerializable(coder);
    }
  }

  @Example
  void aRowInKeyOrderTakesAboutAThirdOfItsNumbers() throws Exception {
    ScoreBatch.Builder builder = ScoreBatch.builder("file", "m", 10_000);
    for (int i = 0; i < 10_000; i++) {
      builder.add(i + 1, i / 500, i % 500, 0.5, 1_717_826_400_000_000L + i / 500 * 1_000_000L);
    }
    byte[] bytes =
        CoderUtils.encodeToByteArray(ScoreBatchCoder.of(), builder.build(UUID.randomUUID()));
    assertTrue(bytes.length < 10_000 * 13, () -> bytes.length + " bytes");
  }

  private static <T> void roundTrip(Coder<T> coder, T value) throws Exception {
    assertEquals(
        value, CoderUtils.decodeFromByteArray(coder, CoderUtils.encodeToByteArray(coder, value)));
  }
}
