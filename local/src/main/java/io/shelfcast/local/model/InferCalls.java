package io.shelfcast.local.model;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The calls for scores, and when and how they are answered. No thread waits with a call that is to
 * be answered later, so that thousands of them can.
 */
final class InferCalls {
  private final ModelScores scores;
  private final Clock clock;
  private final Gate gate;
  private final ExecutorService threads;
  private final ScheduledExecutorService later;
  private final ConcurrentLinkedQueue<Call> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong items = new AtomicLong();

  /**
   * @param threads answer calls
   * @param later hands them those that are to be answered later
   */
  InferCalls(
      ModelScores scores,
      Behaviour behaviour,
      Clock clock,
      ExecutorService threads,
      ScheduledExecutorService later) {
    this.scores = scores;
    this.clock = clock;
    // The same behaviour for the same calls in each run of a test.
    this.gate = new Gate(behaviour, new Random(1));
    this.threads = threads;
    this.later = later;
  }

  /**
   * A call that is well-formed.
   *
   * @param caller takes the answer
   */
  record Call(String modelVersion, InferRequest request, Consumer<Answer> caller) {}

  Behaviour behaviour() {
    return gate.behaviour();
  }

  void behave(Behaviour changed) {
    gate.behave(changed);
    dealWithWaiting();
  }

  /** Counts a call, whatever will become of it. */
  void arrive() {
    gate.arrive();
  }

  void serve(Call call) {
    Gate.Ruling ruling = gate.rule();
    switch (ruling.verdict()) {
      case LEFT_WAITING -> {
        waiting.add(call);
        if (!gate.behaviour().silent()) {
          // It was told otherwise in between, and did not meet this call.
          dealWithWaiting();
        }
      }
      case ONE_TOO_MANY ->
          refuse(
              Answer.error(429, "too many calls a second", Map.of("Retry-After", "1")),
              call.caller());
      case FAILED ->
          after(
              ruling.latency(),
              () -> refuse(Answer.error(503, "the model is out of order"), call.caller()));
      case SERVED -> {
        Answer answer = score(call);
        after(
            ruling.latency(),
            () -> {
              // First, so that who has heard the answer finds it counted.
              answered.incrementAndGet();
              items.addAndGet(call.request().items());
              call.caller().accept(answer);
            });
      }
    }
  }

  void refuse(Answer why, Consumer<Answer> caller) {
    refused.incrementAndGet();
    caller.accept(why);
  }

  private Answer score(Call call) {
    Instant now = clock.instant();
    return Answer.scores(
        call.modelVersion(), call.request(), scores.at(call.modelVersion(), now), now);
  }

  private void dealWithWaiting() {
    // Those that are left waiting again would be met again.
    for (int left = waiting.size(); left > 0; left--) {
      Call call = waiting.poll();
      if (call != null) {
        serve(call);
      }
    }
  }

  private void after(Duration latency, Runnable answering) {
    if (latency.isZero()) {
      answering.run();
    } else {
      // By another thread, as a slow caller would hold up all others' answers.
      var unused =
          later.schedule(() -> threads.execute(answering), latency.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  long answered() {
    return answered.get();
  }

  long refused() {
    return refused.get();
  }

  int waiting() {
    return waiting.size();
  }

  long items() {
    return items.get();
  }

  int mostInASecond() {
    return gate.mostInASecond();
  }
}
