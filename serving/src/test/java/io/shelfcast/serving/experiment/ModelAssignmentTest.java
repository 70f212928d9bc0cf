package io.shelfcast.serving.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.NoOpProvider;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.openfeature.sdk.exceptions.FatalError;
import dev.openfeature.sdk.providers.memory.Flag;
import dev.openfeature.sdk.providers.memory.InMemoryProvider;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shelfcast.experiment.Allocation;
import io.shelfcast.experiment.Experiment;
import io.shelfcast.experiment.Percentage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ModelAssignmentTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Set<String> CANDIDATES = Set.of("v3", "v4");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<ExperimentFlags> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(ExperimentFlags::close);
  }

  private ModelAssignment of(FeatureProvider provider) {
    return of(provider, PATIENCE);
  }

  private ModelAssignment of(FeatureProvider provider, Duration patience) {
    ExperimentFlags flags = ExperimentFlags.open(provider, patience);
    opened.add(flags);
    return new ModelAssignment(flags.client(), meters);
  }

  private static String assign(ModelAssignment assignment) {
    return assignment.assign("u1", Map.of("city", "12"), "live", CANDIDATES);
  }

  private double fallbacks(String reason) {
    return meters.get("shelfcast.assignment.fallbacks").tag("reason", reason).counter().count();
  }

  private static ExperimentProvider everybody(String name) {
    Allocation all = Allocation.ALL_LIVE.withPercentages(Map.of((short) 3, new Percentage(1000)));
    ExperimentSnapshot snapshot =
        new ExperimentSnapshot(
            new Experiment("salt", all, Map.of("city", Set.of("12"))), Map.of((short) 3, name));
    return new ExperimentProvider(() -> snapshot);
  }

  private static InMemoryProvider inMemory(Flag<String> flag) {
    return new InMemoryProvider(Map.of("availability-model", flag));
  }

  private static Flag<String> always(String variant) {
    return Flag.<String>builder().variant(variant, variant).defaultVariant(variant).build();
  }

  @Test
  void usersOfTheExperimentGetTheirCandidateAndAllOthersTheLiveVersion() {
    ModelAssignment assignment = of(everybody("v3"));
    assertEquals("v3", assign(assignment));
    assertEquals("live", assignment.assign("u1", Map.of("city", "13"), "live", CANDIDATES));
    assertEquals("live", assignment.assign(null, Map.of("city", "12"), "live", CANDIDATES));
    assertEquals("live", assignment.assign(" ", Map.of("city", "12"), "live", CANDIDATES));
    assertEquals(0, fallbacks("error") + fallbacks("not_served"));
  }

  @Test
  void anAttributeCannotPoseAsTheUser() {
    ModelAssignment assignment =
        of(
            inMemory(
                Flag.<String>builder()
                    .variant("v3", "v3")
                    .variant("v4", "v4")
                    .defaultVariant("v3")
                    .contextEvaluator((flag, context) -> context.getTargetingKey())
                    .build()));
    assertEquals("v4", assignment.assign("v4", Map.of("targetingKey", "v3"), "live", CANDIDATES));
  }

  @Test
  void serversOfOneProcessDoNotShareAProvider() {
    ModelAssignment one = of(everybody("v3"));
    ModelAssignment other = of(everybody("v4"));
    ModelAssignment third = of(inMemory(always("live")));
    assertEquals("v3", assign(one));
    assertEquals("v4", assign(other));
    assertEquals("live", assign(third));
  }

  @Test
  void anyOtherProviderDecidesByUserAndAttributes() {
    ModelAssignment assignment =
        of(
            inMemory(
                Flag.<String>builder()
                    .variant("v3", "v3")
                    .variant("v4", "v4")
                    .defaultVariant("v3")
                    .contextEvaluator(
                        (flag, context) ->
                            context.getValue("city").asString().equals("12")
                                    && context.getTargetingKey().equals("u1")
                                ? "v4"
                                : "v3")
                    .build()));
    assertEquals("v4", assign(assignment));
    assertEquals("v3", assignment.assign("u2", Map.of("city", "12"), "live", CANDIDATES));
  }

  @Test
  void whatIsNeitherLiveNorACandidateIsNotServed() {
    ModelAssignment assignment = of(inMemory(always("shadow")));
    assertEquals("live", assign(assignment));
    assertEquals("live", assign(assignment));
    assertEquals("shadow", assignment.assign("u1", Map.of(), "shadow", Set.of()));
    assertEquals(2, fallbacks("not_served"));
  }

  @Test
  void aProviderThatDoesNotKnowTheFlagMeansTheLiveVersion() {
    assertEquals("live", assign(of(new InMemoryProvider(Map.of()))));
    assertEquals(1, fallbacks("error"));
  }

  @Test
  void aProviderThatThrowsOrAnswersNothingMeansTheLiveVersion() {
    ModelAssignment throwing =
        of(
            new Answering(
                () -> {
                  throw new IllegalStateException("no answer");
                }));
    assertEquals("live", assign(throwing));
    ModelAssignment broken =
        of(
            new Answering(
                () -> {
                  throw new NoClassDefFoundError("half a jar");
                }));
    assertEquals("live", assign(broken));
    ModelAssignment silent = of(new Answering(() -> null));
    assertEquals("live", assign(silent));
    ModelAssignment empty = of(new Answering(() -> ProviderEvaluation.<String>builder().build()));
    assertEquals("live", assign(empty));
    assertEquals(4, fallbacks("error") + fallbacks("not_served"));
  }

  /** OpenFeature goes on asking one that may recover, and not one that says it never will. */
  @Test
  void aProviderThatSaysThatItCanNeverStartMeansTheLiveVersionAtOnce() {
    Starting hopeless =
        new Starting(
            () -> {
              throw new FatalError("no licence");
            });
    Starting hopeful =
        new Starting(
            () -> {
              throw new IllegalStateException("its server is away");
            });
    Instant before = Instant.now();
    assertEquals("live", assign(of(hopeless)));
    assertEquals("v3", assign(of(hopeful)));
    assertTrue(Duration.between(before, Instant.now()).compareTo(PATIENCE) < 0);
  }

  @Test
  void aProviderThatHangsWhileItStartsIsWaitedForOnlySoLongAndAskedOnceItIsReady()
      throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    ModelAssignment assignment = of(new Starting(released::await), Duration.ofMillis(50));
    assertEquals("live", assign(assignment));
    released.countDown();
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!assign(assignment).equals("v3")) {
      assertTrue(Instant.now().isBefore(deadline), "it is never asked");
      Thread.sleep(5);
    }
  }

  @Test
  void aProviderThatHangsHoldsUpNeitherTheCloseNorTheEndOfTheProcess() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    BlockingQueue<Thread> starter = new LinkedBlockingQueue<>();
    ExperimentFlags flags =
        ExperimentFlags.open(
            new Starting(
                () -> {
                  starter.add(Thread.currentThread());
                  never.await();
                }),
            Duration.ofMillis(50));
    Thread thread = starter.take();
    assertTrue(thread.isDaemon());
    assertTimeoutPreemptively(PATIENCE, flags::close);
    thread.interrupt();
  }

  @Test
  void aProviderIsMadeByTheNameOfItsClass() {
    String name = Answering.class.getName();
    assertEquals("v3", assign(of(ExperimentFlags.provider(name))));
  }

  @Test
  void aClassThatIsNoProviderIsRefusedInWordsThatHelp() {
    assertRefused("x.Y", "--experimentProvider=x.Y is not on the class path");
    assertRefused(String.class.getName(), "implements dev.openfeature.sdk.FeatureProvider");
    assertRefused(InMemoryProvider.class.getName(), "no public constructor that takes nothing");
    assertRefused(
        Unmakeable.class.getName(), "cannot be made: java.lang.IllegalStateException: no");
  }

  private static void assertRefused(String className, String message) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> ExperimentFlags.provider(className));
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
  }

  /** Answers the one flag, or does not. */
  public static class Answering extends NoOpProvider {

    /** What a provider does. */
    interface Answer {
      ProviderEvaluation<String> give();
    }

    private final Answer answer;

    public Answering() {
      this(() -> ProviderEvaluation.<String>builder().value("v3").build());
    }

    Answering(Answer answer) {
      this.answer = answer;
    }

    @Override
    public ProviderEvaluation<String> getStringEvaluation(
        String key, String defaultValue, EvaluationContext context) {
      return answer.give();
    }
  }

  /** Starts in its own way. */
  private static final class Starting extends Answering {

    /** What it does first. */
    interface Start {
      void run() throws Exception;
    }

    private final Start start;

    Starting(Start start) {
      this.start = start;
    }

    @Override
    public void initialize(EvaluationContext context) throws Exception {
      start.run();
    }
  }

  /** Has a constructor that throws. */
  public static final class Unmakeable extends NoOpProvider {
    public Unmakeable() {
      throw new IllegalStateException("no");
    }
  }
}
