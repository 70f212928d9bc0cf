package io.shelfcast.snowflake;

import io.shelfcast.quality.Column;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A table or query in Snowflake as an input of score rows. Asks Snowflake from the program that
 * starts the run: what columns there are, what time it is there; the rows go by way of files, from
 * workers.
 */
public final class SnowflakeInput {

  /** A run is planned some time before a worker unloads. */
  private static final Duration UNTIL_UNLOADED = Duration.ofHours(1);

  private final SnowflakeSettings settings;

  private SnowflakeInput(SnowflakeSettings settings) {
    this.settings = settings;
  }

  /** Whether the options speak of Snowflake at all, if only by mistake. */
  public static boolean isMeantBy(SnowflakeOptions options) {
    return SnowflakeSettings.isGiven(options);
  }

  /**
   * The input that the options name; nothing is asked yet.
   *
   * @throws IllegalArgumentException saying what to write instead
   */
  public static SnowflakeInput of(SnowflakeOptions options) {
    return new SnowflakeInput(SnowflakeSettings.of(options));
  }

  /** What it is called in the ledger and in dead letters. */
  public String name() {
    return settings.name();
  }

  /** Whether it is read in part only, if it was read before. */
  public boolean isIncremental() {
    return settings.increment() != Increment.none;
  }

  /** How late rows may be committed, by their load time; none where Snowflake tracks commits. */
  public Duration overlap() {
    return settings.increment() == Increment.column ? settings.overlap() : Duration.ZERO;
  }

  /**
   * How many rows there are in all.
   *
   * @throws SnowflakeException when Snowflake does not say
   */
  public long countRows() {
    try (SnowflakeSession session = SnowflakeSession.open(settings.account())) {
      return session.count(settings.relation());
    }
  }

  /**
   * Finds out what to read, and checks that it can be.
   *
   * @param lastWatermark up to when it was read by the last run that succeeded; null: there is none
   * @param nameOf what the columns are called
   * @param modelVersionOptional whether rows may name no model version
   * @throws SnowflakeException when it cannot be read, or lacks a column
   */
  public PlannedUnload plan(
      @Nullable Instant lastWatermark,
      Function<Column, String> nameOf,
      boolean modelVersionOptional) {
    try (SnowflakeSession session = SnowflakeSession.open(settings.account())) {
      UnloadQuery query =
          UnloadQuery.of(
              settings.relation(),
              session.columns(settings.relation()),
              nameOf,
              modelVersionOptional,
              settings.format());
      // Before the unload: a row that is committed after it may be unloaded and read again by the
      // next run, but none that is committed before it is left out.
      Instant now = session.clock();
      Choice choice = choose(session, lastWatermark, now);
      return new PlannedUnload(
          settings,
          new ReadWindow(choice.from(), now),
          choice.why(),
          sql(query, choice.from(), now),
          new CsvRow(query),
          !query.isText(Column.SCORED_AT));
    }
  }

  private String sql(UnloadQuery query, @Nullable Instant from, Instant to) {
    if (from == null) {
      return query.all();
    }
    String column = settings.incrementColumn();
    return column == null ? query.changedIn(from, to) : query.loadedIn(column, from, to);
  }

  /**
   * From when to read.
   *
   * @param from null: all
   * @param why in words, where it is not what the options ask for
   */
  private record Choice(@Nullable Instant from, @Nullable String why) {}

  private Choice choose(SnowflakeSession session, @Nullable Instant lastWatermark, Instant now) {
    if (!isIncremental()) {
      return new Choice(null, null);
    }
    Instant from = settings.since() != null ? settings.since() : lastWatermark;
    if (from == null) {
      return new Choice(
          null,
          "--increment=%s reads all rows this time, because no run of %s has succeeded yet"
              .formatted(settings.increment(), name()));
    }
    if (from.isAfter(now)) {
      throw new SnowflakeException(
          "there is nothing to read from %s on: by Snowflake's clock it is %s"
              .formatted(from, now));
    }
    if (settings.increment() == Increment.column) {
      return new Choice(settings.since() != null ? from : from.minus(settings.overlap()), null);
    }
    Optional<Duration> kept = retention(session);
    if (kept.isPresent() && from.isBefore(now.minus(kept.get()).plus(UNTIL_UNLOADED))) {
      return new Choice(
          null,
          "--increment=changes reads all rows this time, because it would have to read from %s, and Snowflake keeps the changes of %s for %d days"
              .formatted(from, name(), kept.get().toDays()));
    }
    return new Choice(from, null);
  }

  private Optional<Duration> retention(SnowflakeSession session) {
    if (!(settings.relation() instanceof Relation.Table table)) {
      return Optional.empty();
    }
    String[] in = table.in(settings.account().database(), settings.account().schema());
    return session.retention(in[0], in[1], table.stored());
  }
}
