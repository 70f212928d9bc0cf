package io.shelfcast.quality;

import java.util.Locale;

/** The columns of the score-row contract. */
public enum Column {
  STORE_ID,
  PRODUCT_ID,
  MODEL_VERSION,
  SCORE,
  SCORED_AT;

  /** The name in files, SQL, dead letters and options. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
