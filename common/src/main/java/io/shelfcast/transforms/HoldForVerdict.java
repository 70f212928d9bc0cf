package io.shelfcast.transforms;

import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Holds elements back until the verdict on their run is there ({@link JudgeInput}), and then lets
 * all of them pass or none. Until then the engine keeps them: Dataflow and Flink's batch mode on
 * disk, Flink's streaming mode and DirectRunner in memory.
 */
public final class HoldForVerdict<T> extends PTransform<PCollection<T>, PCollection<T>> {
  private static final long serialVersionUID = 1L;

  private final PCollectionView<Boolean> passed;

  private HoldForVerdict(PCollectionView<Boolean> passed) {
    this.passed = passed;
  }

  /** Until that verdict is there. */
  public static <T> HoldForVerdict<T> of(PCollectionView<Boolean> passed) {
    return new HoldForVerdict<>(passed);
  }

  @Override
  public PCollection<T> expand(PCollection<T> input) {
    return input
        .apply("Wait", ParDo.of(new Hold<T>(passed)).withSideInputs(passed))
        .setCoder(input.getCoder());
  }

  private static final class Hold<T> extends DoFn<T, T> {
    private static final long serialVersionUID = 1L;

    private final PCollectionView<Boolean> passed;

    Hold(PCollectionView<Boolean> passed) {
      this.passed = passed;
    }

    @ProcessElement
    public void hold(@Element T element, OutputReceiver<T> out, ProcessContext context) {
      if (context.sideInput(passed)) {
        out.output(element);
      }
    }
  }
}
