package io.shelfcast.quality;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.is;

import io.shelfcast.domain.RejectedRow;
import io.shelfcast.domain.RejectedRows;
import io.shelfcast.domain.ScoreBatch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BatchProfileTest {

  private static final long NOON = 1_717_848_000_000_000L;

  @Property(tries = 50)
  void theSameRowsGiveTheSameProfileHoweverTheyAreSplitAndMerged(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int shards) throws IOException {
    Random random = new Random(seed);
    BatchProfile whole = new BatchProfile();
    List<BatchProfile> parts = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      BatchProfile part = new BatchProfile();
      for (int batch = random.nextInt(4); batch > 0; batch--) {
        ScoreBatch rows = batch(random, "m" + random.nextInt(3), random.nextInt(200));
        whole.add(rows);
        part.add(rows);
      }
      parts.add(throughBytes(part));
    }
    Collections.shuffle(parts, random);
    BatchProfile merged = new BatchProfile();
    parts.forEach(merged::merge);

    // The mean is a sum of floating-point numbers, whose last digits depend on the order.
    assertThat(withoutMeans(merged), is(withoutMeans(whole)));
    whole
        .models()
        .forEach(
            (name, model) -> {
              if (model.rows() > 0) {
                assertThat(merged.models().get(name).mean(), closeTo(model.mean(), 1e-12));
              }
            });
  }

  @Test
  void countsWhatItIsShown() {
    ScoreBatch.Builder rows = ScoreBatch.builder("f", "general-v1", 10);
    rows.add(1, 7, 1, 0.0, NOON);
    rows.add(2, 7, 2, 1.0, NOON + 5);
    rows.add(3, 8, 1, 0.5, NOON - 5);
    rows.add(4, 7, 3, 1.0, NOON);
    BatchProfile profile = new BatchProfile();
    profile.add(rows.build(UUID.randomUUID()));

    ModelProfile model = profile.models().get("general-v1");
    assertThat(model.rows(), is(4L));
    assertThat(model.items(), is(4L));
    assertThat(model.stores(), is(2L));
    assertThat(model.mean(), is(0.625));
    assertThat(model.min(), is(0.0));
    assertThat(model.max(), is(1.0));
    assertThat(model.zeroShare(), is(0.25));
    assertThat(model.oneShare(), is(0.5));
    assertThat(model.oldestMicros(), is(NOON - 5));
    assertThat(model.newestMicros(), is(NOON + 5));
    assertThat(model.histogram()[0], is(1L));
    assertThat(model.histogram()[500], is(1L));
    assertThat(model.histogram()[999], is(2L));
  }

  @Test
  void anInputOfSeveralSnapshotsKnowsHowManyItemsItHas() {
    BatchProfile profile = new BatchProfile();
    for (int snapshot = 0; snapshot < 3; snapshot++) {
      ScoreBatch.Builder rows = ScoreBatch.builder("f" + snapshot, "general-v1", 50_000);
      for (int row = 0; row < 50_000; row++) {
        rows.add(row, row / 50, row, 0.5, NOON);
      }
      profile.add(rows.build(UUID.randomUUID()));
    }

    ModelProfile model = profile.models().get("general-v1");
    assertThat(model.rows(), is(150_000L));
    assertThat((double) model.items(), closeTo(50_000, 2_000));
    assertThat(model.stores(), is(1000L));
  }

  @Test
  void rejectedRowsCountForTheModelVersionThatTheyName() {
    BatchProfile profile = new BatchProfile();
    profile.add(
        new RejectedRows(
            UUID.randomUUID(),
            List.of(
                rejected(1, "{\"model_version\":\"general-v1\",\"score\":\"x\"}"),
                rejected(2, "{\"model_version\":\"general-v1\",\"score\":\"y\"}"),
                rejected(3, "{\"model_version\":\"no such name!\"}"),
                rejected(4, "[\"too\",\"few\"]"),
                rejected(5, "{\"model_version\":null}"))));

    assertThat(profile.models(), aMapWithSize(2));
    assertThat(profile.models().get("general-v1").rejected(), is(2L));
    assertThat(profile.models().get(BatchProfile.UNKNOWN).rejected(), is(3L));
    assertThat(
        profile.examples().get("score_not_a_number"),
        is(List.of("f.csv, 1: why", "f.csv, 2: why", "f.csv, 3: why")));
  }

  @Test
  void namesWithoutEndDoNotMakeProfilesWithoutEnd() {
    BatchProfile profile = new BatchProfile();
    for (int name = 0; name < 1000; name++) {
      profile.add(batch(new Random(name), "m" + name, 3));
    }

    assertThat(profile.models(), aMapWithSize(101));
    assertThat(profile.models().get(BatchProfile.UNKNOWN).rows(), is(2700L));
    assertThat(profile.rows(), is(3000L));
  }

  private static RejectedRow rejected(long line, String payload) {
    return new RejectedRow("f.csv", line, payload, "score_not_a_number", "why");
  }

  private static ScoreBatch batch(Random random, String model, int rows) {
    ScoreBatch.Builder batch = ScoreBatch.builder("f", model, Math.max(1, rows));
    for (int row = 0; row < rows; row++) {
      batch.add(
          row,
          random.nextInt(20),
          random.nextInt(50),
          random.nextDouble(),
          NOON + random.nextInt());
    }
    return batch.build(UUID.randomUUID());
  }

  private static BatchProfile throughBytes(BatchProfile profile) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ProfileBytes.write(profile, new DataOutputStream(bytes));
    return ProfileBytes.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }

  private static String withoutMeans(BatchProfile profile) {
    return ProfileJson.of(profile).replaceAll("\"mean\":[^,]*,", "");
  }
}
