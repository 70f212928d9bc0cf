/**
 * What shoppers found, held against the scores of the time: {@link
 * io.shelfcast.outcomes.TunePipeline} proposes thresholds, {@link
 * io.shelfcast.outcomes.ComparePipeline} compares model versions. Nothing here writes scores.
 */
@NullMarked
package io.shelfcast.outcomes;

import org.jspecify.annotations.NullMarked;
