package io.shelfcast.local.model;

import io.shelfcast.domain.ModelVersion;
import io.shelfcast.local.generate.ScoreFunction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The generator's scores, as of now. */
final class GeneratedScores implements ModelScores {

  /** Enough for any set of models that a test or a demo has; names come from outside. */
  private static final int MOST_CACHED = 64;

  private final long seed;
  private final Set<String> modelVersions;
  private final Map<String, OfMinute> cached = new ConcurrentHashMap<>();

  GeneratedScores(long seed, Set<String> modelVersions) {
    this.seed = seed;
    this.modelVersions = Set.copyOf(modelVersions);
  }

  @Override
  public boolean knows(String modelVersion) {
    return modelVersions.isEmpty()
        ? ModelVersion.isValidName(modelVersion)
        : modelVersions.contains(modelVersion);
  }

  @Override
  public ItemScores at(String modelVersion, Instant now) {
    // To the minute: making the function costs more than the scores of a call.
    Instant minute = now.truncatedTo(ChronoUnit.MINUTES);
    OfMinute held = cached.get(modelVersion);
    if (held == null || !held.minute.equals(minute)) {
      held = new OfMinute(minute, ScoreFunction.of(seed, modelVersion, minute));
      if (cached.size() >= MOST_CACHED) {
        cached.clear();
      }
      cached.put(modelVersion, held);
    }
    return held;
  }

  private record OfMinute(Instant minute, ScoreFunction function) implements ItemScores {
    @Override
    public float of(long storeId, long productId) {
      return (float) function.score(storeId, productId);
    }
  }
}
