package io.shelfcast.transforms;

import io.shelfcast.domain.RowCounts;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;

/** What a writing step made durable: something to wait on. */
public final class Written implements POutput {

  private final TupleTag<RowCounts> tag = new TupleTag<>("counts");
  private final PCollection<RowCounts> counts;

  Written(PCollection<RowCounts> counts) {
    this.counts = counts.setCoder(RowCountsCoder.of());
  }

  /** One element for each batch, once its transaction is committed. */
  public PCollection<RowCounts> counts() {
    return counts;
  }

  @Override
  public Pipeline getPipeline() {
    return counts.getPipeline();
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    return Map.of(tag, counts);
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {}
}
