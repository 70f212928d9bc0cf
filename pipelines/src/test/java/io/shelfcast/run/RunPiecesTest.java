package io.shelfcast.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.shelfcast.fullsync.FullSyncOptions;
import io.shelfcast.fullsync.WriteMode;
import io.shelfcast.transforms.OnUnknownModel;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;

class RunPiecesTest {

  @Test
  void theDefaultsAreAsDocumented() {
    FullSyncOptions options = PipelineOptionsFactory.as(FullSyncOptions.class);
    assertEquals(4, options.getMaxConnections());
    assertEquals(Duration.ofMinutes(5), options.getStatementTimeout());
    assertEquals(Duration.ofMinutes(5), options.getMaxFutureSkew());
    assertEquals(OnUnknownModel.register, options.getOnUnknownModel());
    assertEquals(WriteMode.merge, options.getWriteMode());
    assertEquals(20_000, options.getBatchSize());
    assertNull(options.getModelVersion());
  }

  @Test
  void durationsAreIso8601() {
    FullSyncOptions options =
        PipelineOptionsFactory.fromArgs("--maxFutureSkew=PT90S").as(FullSyncOptions.class);
    assertEquals(Duration.ofSeconds(90), options.getMaxFutureSkew());
  }

  @Test
  void theCauseThatIsOursIsToldAndNotWhatWrapsIt() {
    assertEquals(
        "No files matched spec: x",
        FailureMessage.of(
            new RuntimeException(
                "wrapped", new FileNotFoundException("No files matched spec: x"))));
    assertEquals(
        "first line",
        FailureMessage.of(
            new RuntimeException("wrapped", new IllegalStateException("first line\nsecond"))));
    assertEquals("IOException: broken", FailureMessage.of(new IOException("broken")));
    assertEquals("java.lang.Error", FailureMessage.of(new Error()));
  }
}
