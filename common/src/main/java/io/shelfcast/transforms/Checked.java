package io.shelfcast.transforms;

import io.shelfcast.domain.RejectedRows;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;

/**
 * What a step let pass and what it rejected. Each row that came in is in one of the two.
 *
 * @param <T> what the step gives on
 */
public final class Checked<T> implements POutput {

  private final TupleTag<T> acceptedTag;
  private final TupleTag<RejectedRows> rejectedTag;
  private final PCollection<T> accepted;
  private final PCollection<RejectedRows> rejected;

  private Checked(
      TupleTag<T> acceptedTag,
      TupleTag<RejectedRows> rejectedTag,
      PCollection<T> accepted,
      PCollection<RejectedRows> rejected) {
    this.acceptedTag = acceptedTag;
    this.rejectedTag = rejectedTag;
    this.accepted = accepted;
    this.rejected = rejected;
  }

  /** The two outputs of a ParDo, by their tags. */
  public static <T> Checked<T> of(
      PCollectionTuple outputs,
      TupleTag<T> accepted,
      Coder<T> acceptedCoder,
      TupleTag<RejectedRows> rejected) {
    return new Checked<>(
        accepted,
        rejected,
        outputs.get(accepted).setCoder(acceptedCoder),
        outputs.get(rejected).setCoder(RejectedRowsCoder.of()));
  }

  /** The same that passed, and beside it all that was rejected by this step and by others. */
  public Checked<T> withRejected(PCollection<RejectedRows> all) {
    return new Checked<>(acceptedTag, rejectedTag, accepted, all);
  }

  /** What passed. */
  public PCollection<T> accepted() {
    return accepted;
  }

  /** What did not: for {@link WriteDeadLetters}. */
  public PCollection<RejectedRows> rejected() {
    return rejected;
  }

  @Override
  public Pipeline getPipeline() {
    return accepted.getPipeline();
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    return Map.of(acceptedTag, accepted, rejectedTag, rejected);
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {}
}
