package io.shelfcast.outcomes;

import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;

/** Runs a pipeline to its end where the runner is part of this process. */
final class AttachedRun {

  private AttachedRun() {}

  /**
   * Runs.
   *
   * @return false: it was only submitted, to Dataflow
   * @throws IllegalStateException when it did not end well
   */
  static boolean finish(Pipeline pipeline, PipelineOptions options) {
    PipelineResult result = pipeline.run();
    if (options.getRunner().getSimpleName().equals("DataflowRunner")) {
      return false;
    }
    PipelineResult.State state = result.waitUntilFinish();
    if (state != PipelineResult.State.DONE) {
      throw new IllegalStateException("the pipeline ended as " + state);
    }
    return true;
  }
}
