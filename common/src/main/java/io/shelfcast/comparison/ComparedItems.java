package io.shelfcast.comparison;

import io.shelfcast.policy.Decision;
import java.util.Arrays;
import java.util.List;

/**
 * Counts of items that two model versions were asked for: by both decisions, and by how far their
 * scores lie apart. They add up. Not for several threads at once.
 */
public final class ComparedItems {

  /** How fine differences of scores are told. */
  public static final double BIN = 0.05;

  /** Differences go from -1 to 1, in bins around multiples of {@link #BIN}: one is around 0. */
  public static final int BINS = 41;

  private static final int MIDDLE = BINS / 2;
  private static final int DECISIONS = 4;

  private final long[] decisions;
  private final long[] differences;

  /** None yet. */
  public ComparedItems() {
    this(new long[DECISIONS * DECISIONS], new long[BINS]);
  }

  private ComparedItems(long[] decisions, long[] differences) {
    this.decisions = decisions;
    this.differences = differences;
  }

  /**
   * Those of counts as {@link #decisions()} and {@link #differences()} give them.
   *
   * @throws IllegalArgumentException when they are not as many
   */
  public static ComparedItems of(List<Long> decisions, List<Long> differences) {
    if (decisions.size() != DECISIONS * DECISIONS || differences.size() != BINS) {
      throw new IllegalArgumentException(
          "%d counts by decisions and %d by differences are not of compared items"
              .formatted(decisions.size(), differences.size()));
    }
    return new ComparedItems(
        decisions.stream().mapToLong(Long::longValue).toArray(),
        differences.stream().mapToLong(Long::longValue).toArray());
  }

  /** Adds an item that both have a score of. */
  public void add(Decision live, float liveScore, Decision candidate, float candidateScore) {
    decisions[cell(live, candidate)]++;
    differences[bin(liveScore, candidateScore)]++;
  }

  /** Adds an item that one of them, or either, has no score of. */
  public void addMissing(Decision live, Decision candidate) {
    decisions[cell(live, candidate)]++;
  }

  /** Adds what others have counted. */
  public void add(ComparedItems others) {
    for (int i = 0; i < decisions.length; i++) {
      decisions[i] += others.decisions[i];
    }
    for (int i = 0; i < BINS; i++) {
      differences[i] += others.differences[i];
    }
  }

  /** All of them. */
  public long items() {
    return Arrays.stream(decisions).sum();
  }

  /** Those that both have a score of. */
  public long scored() {
    return Arrays.stream(differences).sum();
  }

  /** Those that both have a score of, and decide alike. */
  public long agreeing() {
    return count(Decision.IN_STOCK, Decision.IN_STOCK)
        + count(Decision.LOW, Decision.LOW)
        + count(Decision.OUT, Decision.OUT);
  }

  /** The share of {@link #agreeing} in {@link #scored}; not a number without any. */
  public double agreementRate() {
    return (double) agreeing() / scored();
  }

  /** Those that the live version would show, in stock or low, and the candidate hide, as out. */
  public long shownToHidden() {
    return count(Decision.IN_STOCK, Decision.OUT) + count(Decision.LOW, Decision.OUT);
  }

  /** Those that the live version would hide, as out, and the candidate show. */
  public long hiddenToShown() {
    return count(Decision.OUT, Decision.IN_STOCK) + count(Decision.OUT, Decision.LOW);
  }

  /** Those that the live version alone has no score of. */
  public long missingOfLive() {
    return count(Decision.UNKNOWN, Decision.IN_STOCK)
        + count(Decision.UNKNOWN, Decision.LOW)
        + count(Decision.UNKNOWN, Decision.OUT);
  }

  /** Those that the candidate alone has no score of. */
  public long missingOfCandidate() {
    return count(Decision.IN_STOCK, Decision.UNKNOWN)
        + count(Decision.LOW, Decision.UNKNOWN)
        + count(Decision.OUT, Decision.UNKNOWN);
  }

  /** Those with these decisions. */
  public long count(Decision live, Decision candidate) {
    return decisions[cell(live, candidate)];
  }

  /** Counts by both decisions: for each of the live version's, each of the candidate's. */
  public List<Long> decisions() {
    return Arrays.stream(decisions).boxed().toList();
  }

  /** Counts by difference, the candidate's score less the live version's, ascending. */
  public List<Long> differences() {
    return Arrays.stream(differences).boxed().toList();
  }

  /** The difference that is in the middle of a bin. */
  public static double middle(int bin) {
    return (bin - MIDDLE) * BIN;
  }

  private static int cell(Decision live, Decision candidate) {
    return place(live) * DECISIONS + place(candidate);
  }

  /** As it stands in the database. */
  private static int place(Decision decision) {
    return switch (decision) {
      case IN_STOCK -> 0;
      case LOW -> 1;
      case OUT -> 2;
      case UNKNOWN -> 3;
    };
  }

  private static int bin(float liveScore, float candidateScore) {
    long bins = Math.round(((double) candidateScore - liveScore) / BIN);
    return (int) Math.max(0, Math.min(BINS - 1, MIDDLE + bins));
  }
}
