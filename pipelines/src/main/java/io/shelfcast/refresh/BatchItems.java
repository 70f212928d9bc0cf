package io.shelfcast.refresh;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.GroupIntoBatches;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.util.ShardedKey;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;

/**
 * Collects the items that one model version is to score, until there are enough for a call or the
 * first of them has waited long enough. By shards, as many as there are threads before this step.
 */
final class BatchItems
    extends PTransform<PCollection<KV<String, ReceivedRequest>>, PCollection<ItemsToScore>> {
  private static final long serialVersionUID = 1L;

  private final int maxItems;
  private final Duration maxWait;

  private BatchItems(int maxItems, Duration maxWait) {
    this.maxItems = maxItems;
    this.maxWait = maxWait;
  }

  /** Of at most so many items; an element of the input may not have more. */
  static BatchItems of(int maxItems, Duration maxWait) {
    return new BatchItems(maxItems, maxWait);
  }

  @Override
  public PCollection<ItemsToScore> expand(PCollection<KV<String, ReceivedRequest>> input) {
    return input
        .apply(
            "Group",
            // What it takes for bytes are items here.
            GroupIntoBatches.<String, ReceivedRequest>ofByteSize(
                    maxItems, received -> (long) received.request().size())
                .withMaxBufferingDuration(maxWait)
                .withShardedKey())
        .apply("Make batch", MapElements.via(new MakeBatch()))
        .setCoder(ItemsToScoreCoder.of());
  }

  private static final class MakeBatch
      extends SimpleFunction<KV<ShardedKey<String>, Iterable<ReceivedRequest>>, ItemsToScore> {
    private static final long serialVersionUID = 1L;

    @Override
    public ItemsToScore apply(KV<ShardedKey<String>, Iterable<ReceivedRequest>> batch) {
      List<ReceivedRequest> requests = new ArrayList<>();
      batch.getValue().forEach(requests::add);
      return new ItemsToScore(batch.getKey().getKey(), requests);
    }
  }
}
