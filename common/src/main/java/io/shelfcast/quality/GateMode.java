package io.shelfcast.quality;

/** What the quality gate does about an input that fails a check. */
public enum GateMode {
  /** Refuses it. */
  enforce,
  /** Notes it in the run ledger, and lets it pass. */
  warn,
  /** Does not look. */
  off
}
