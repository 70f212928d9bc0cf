package io.shelfcast.serving.experiment;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.EventDetails;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.ProviderEvent;
import dev.openfeature.sdk.ProviderState;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An OpenFeature of one server's own, with one provider: not the one that all of a JVM share, in
 * which the last server's provider would answer for every other's.
 */
public final class ExperimentFlags implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ExperimentFlags.class);

  private final OpenFeatureAPI api;
  private final Client client;

  private ExperimentFlags(OpenFeatureAPI api) {
    this.api = api;
    this.client = api.getClient();
  }

  /**
   * Starts the provider, and waits for it as long as the patience goes. As long as one is starting,
   * and when it says that it never will ({@code FATAL}), all users get the live version; one that
   * failed otherwise is asked all the same, since it may recover, as OpenFeature has it.
   */
  public static ExperimentFlags open(FeatureProvider provider, Duration patience) {
    ExperimentFlags flags = new ExperimentFlags(OpenFeatureAPI.createIsolated());
    CountDownLatch started = new CountDownLatch(1);
    Consumer<EventDetails> onStart = event -> started.countDown();
    flags.client.onProviderReady(onStart);
    flags.client.onProviderError(onStart);
    // Starts it on a thread of the SDK: setProviderAndWait would wait for as long as it likes.
    flags.api.setProvider(provider);
    try {
      if (!started.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn(
            "the experiment provider {} is not ready after {}; until it is, all users get the live"
                + " model version",
            provider.getClass().getName(),
            patience);
      } else if (flags.client.getProviderState() != ProviderState.READY) {
        LOG.warn(
            "the experiment provider {} did not start, it is in state {}",
            provider.getClass().getName(),
            flags.client.getProviderState());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      flags.client.removeHandler(ProviderEvent.PROVIDER_READY, onStart);
      flags.client.removeHandler(ProviderEvent.PROVIDER_ERROR, onStart);
    }
    return flags;
  }

  /**
   * A provider of that class, with its public constructor that takes nothing; what it has to know,
   * it finds where it always does, as in the environment.
   *
   * @throws IllegalArgumentException when there is no such class on the class path, it is no
   *     provider, or it cannot be made
   */
  public static FeatureProvider provider(String className) {
    try {
      Class<?> found = Class.forName(className);
      if (!FeatureProvider.class.isAssignableFrom(found)) {
        throw new IllegalArgumentException(
            "--experimentProvider=%s is no OpenFeature provider; name a class that implements %s"
                .formatted(className, FeatureProvider.class.getName()));
      }
      return (FeatureProvider) found.getConstructor().newInstance();
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(
          "--experimentProvider=%s is not on the class path; put its jar there, or check the name"
              .formatted(className),
          e);
    } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
      throw new IllegalArgumentException(
          ("--experimentProvider=%s has no public constructor that takes nothing; write a class"
                  + " that has one and makes the provider")
              .formatted(className),
          e);
    } catch (InvocationTargetException | LinkageError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalArgumentException(
          "--experimentProvider=%s cannot be made: %s".formatted(className, cause), e);
    }
  }

  /** Whom to ask. */
  public Client client() {
    return client;
  }

  /** Shuts the provider down. */
  @Override
  public void close() {
    api.shutdown();
  }
}
