package io.shelfcast.local.model;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NewestScoresTest {
  @Test
  void holdsWhatAMapOfTheGreatestWouldHoldInWhateverOrderScoresCome() {
    record Item(long storeId, long productId) {}
    record Score(long scoredAt, float score) {}
    Random random = new Random(1);
    NewestScores scores = new NewestScores();
    Map<Item, Score> expected = new HashMap<>();
    for (int i = 0; i < 100_000; i++) {
      Item item = new Item(random.nextInt(200), random.nextInt(200));
      Score score = new Score(random.nextInt(3), random.nextInt(4) / 4f);
      scores.add(item.storeId(), item.productId(), score.score(), score.scoredAt());
      expected.merge(
          item,
          score,
          (held, added) ->
              added.scoredAt() > held.scoredAt()
                      || (added.scoredAt() == held.scoredAt() && added.score() > held.score())
                  ? added
                  : held);
    }
    expected.forEach(
        (item, score) ->
            assertThat(scores.of(item.storeId(), item.productId()), is(score.score())));
    assertThat(scores.of(200, 0), is(Float.NaN));
  }
}
