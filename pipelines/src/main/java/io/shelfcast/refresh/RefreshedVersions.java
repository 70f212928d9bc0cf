package io.shelfcast.refresh;

import io.shelfcast.domain.ModelStatus;
import io.shelfcast.domain.ModelVersion;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.ModelRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The model versions as the registry has them, one copy per worker, at most {@link #MAX_AGE} old: a
 * version that is promoted, registered or retired while the job runs is followed within that time.
 * A side input would be as old, and would have to be there before the first request can go on.
 */
final class RefreshedVersions {

  /** Within which a change of the registry is seen. */
  static final Duration MAX_AGE = Duration.ofSeconds(5);

  private static final Map<DatabaseConfig, RefreshedVersions> SHARED = new ConcurrentHashMap<>();

  private final Supplier<List<ModelVersion>> registry;
  private final LongSupplier nanoTime;
  private List<ModelVersion> versions = List.of();
  private long readAt;
  private boolean read;

  RefreshedVersions(Supplier<List<ModelVersion>> registry, LongSupplier nanoTime) {
    this.registry = registry;
    this.nanoTime = nanoTime;
  }

  /** Those of a database; the same copy for everybody in this JVM. */
  static RefreshedVersions shared(DatabaseConfig config) {
    return SHARED.computeIfAbsent(
        config,
        c ->
            new RefreshedVersions(
                () -> new ModelRegistry(Database.shared(c)).list(), System::nanoTime));
  }

  /** The versions of these statuses. */
  List<ModelVersion> of(List<ModelStatus> statuses) {
    return current().stream().filter(version -> statuses.contains(version.status())).toList();
  }

  /** The version of that name, if it is registered. */
  Optional<ModelVersion> find(String name) {
    return current().stream().filter(version -> version.name().equals(name)).findFirst();
  }

  private synchronized List<ModelVersion> current() {
    long now = nanoTime.getAsLong();
    if (!read || now - readAt > MAX_AGE.toNanos()) {
      versions = registry.get();
      readAt = now;
      read = true;
    }
    return versions;
  }
}
