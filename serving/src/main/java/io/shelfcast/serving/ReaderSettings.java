package io.shelfcast.serving;

import io.shelfcast.store.DatabaseConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link AvailabilityReader} needs to know.
 *
 * @param database the primary: what operators set is looked up here, and nothing is written but
 *     what is found by comparing
 * @param reads where scores are read: the primary, or a replica; its connections are how many reads
 *     go on at a time, its statement timeout is the longest that one takes
 * @param freshness how old scores may be
 * @param configRefresh how soon what operators set is in force
 * @param tokenTtl how long a consistency token holds
 * @param refreshTopic where stale items are asked to be refreshed; null: they are not
 * @param experimentProvider the class of an OpenFeature provider; null: the database's experiment
 * @param shadowShare the share of the live version's answers that are compared with what another
 *     version would have answered, 0 (none) to 1
 */
public record ReaderSettings(
    DatabaseConfig database,
    DatabaseConfig reads,
    Freshness freshness,
    Duration configRefresh,
    Duration tokenTtl,
    @Nullable RefreshTopic refreshTopic,
    @Nullable String experimentProvider,
    double shadowShare) {

  public static final Duration CONFIG_REFRESH = Duration.ofSeconds(2);
  public static final Duration TOKEN_TTL = Duration.ofMinutes(30);

  /** A hundredth more to read, by which differences of a percent show within some minutes. */
  public static final double SHADOW_SHARE = 0.01;

  public ReaderSettings {
    check("--configRefresh", configRefresh, CONFIG_REFRESH);
    check("--tokenTtl", tokenTtl, TOKEN_TTL);
    if (!(shadowShare >= 0 && shadowShare <= 1)) {
      throw new IllegalArgumentException(
          "--shadowShare is %s; write a share of reads from 0 to 1, such as %s"
              .formatted(shadowShare, SHADOW_SHARE));
    }
  }

  /** Settings with a reader's defaults, which asks for no refreshes. */
  public static ReaderSettings of(DatabaseConfig database) {
    return new ReaderSettings(
        database, database, Freshness.DEFAULT, CONFIG_REFRESH, TOKEN_TTL, null, null, SHADOW_SHARE);
  }

  private static void check(String option, Duration duration, Duration example) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(
          "%s is %s; write a positive duration such as %s".formatted(option, duration, example));
    }
  }
}
