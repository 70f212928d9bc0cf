package io.shelfcast.run;

import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;

/** Runs a pipeline to its end where the runner is part of this process. */
public final class AttachedRun {

  private AttachedRun() {}

  /** Dataflow's jobs live on without the program that submitted them; all others die with it. */
  public static boolean isAttached(PipelineOptions options) {
    return !options.getRunner().getSimpleName().equals("DataflowRunner");
  }

  /**
   * Runs.
   *
   * @return false: it was only submitted, to Dataflow
   * @throws IllegalStateException when it did not end well
   */
  public static boolean finish(Pipeline pipeline, PipelineOptions options) {
    PipelineResult result = pipeline.run();
    if (!isAttached(options)) {
      return false;
    }
    PipelineResult.State state = result.waitUntilFinish();
    if (state != PipelineResult.State.DONE) {
      throw new IllegalStateException("the pipeline ended as " + state);
    }
    return true;
  }
}
