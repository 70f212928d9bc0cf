/**
 * Threshold policies: what turns a score into a decision, for each segment. No Beam, no JDBC.
 *
 * <p>{@link io.shelfcast.policy.ThresholdPolicy} is what was published, {@link
 * io.shelfcast.policy.CompiledPolicy} what reads ask, {@link io.shelfcast.policy.PolicyYaml} how
 * people write it.
 */
@NullMarked
package io.shelfcast.policy;

import org.jspecify.annotations.NullMarked;
