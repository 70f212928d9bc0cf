package io.shelfcast.scoring;

/** What became of a call: scores, or why there are none. */
public sealed interface ScoringAnswer permits Scores, ScoringFailure {}
