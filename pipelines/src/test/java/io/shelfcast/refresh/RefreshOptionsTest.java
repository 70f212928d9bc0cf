package io.shelfcast.refresh;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasEntry;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.shelfcast.domain.ModelStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefreshOptionsTest {

  @Test
  void theDefaultsAreThoseOfTheContract() {
    RefreshOptions options = options();
    assertEquals("availability.refresh-requests", options.getRequestsTopic());
    assertEquals(1000, options.getMaxProductsPerRequest());
    assertEquals(Duration.ofSeconds(60), options.getMinRefreshInterval());
    assertEquals(Duration.ofMillis(200), options.getMaxBatchWait());
    assertEquals(500, options.getScoringBatchSize());
    assertEquals(OffsetReset.earliest, options.getAutoOffsetReset());
    assertEquals(
        List.of(ModelStatus.LIVE, ModelStatus.CANDIDATE), ScoringOptions.statusesOf(options));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--kafkaConfig=enable.auto.commit=true; leave it out",
        "--kafkaConfig=group.id=mine; --consumerGroup",
        "--kafkaConfig=auto.offset.reset=latest; --autoOffsetReset",
        "--kafkaConfig=bootstrap.servers=x:1; --bootstrapServers",
        "--kafkaConfig=value.deserializer=X; as bytes",
        "--kafkaConfig=nonsense; security.protocol=SASL_SSL",
        "--kafkaConfig=ssl.truststore.password=hunter2; by reference",
        "--kafkaConfig=sasl.jaas.config=hunter2; by reference",
        "--refreshStatuses=retired; live, candidate, shadow",
        "--maxProductsPerRequest=0; at least 1",
        "--scoringBatchSize=0; from 1",
        "--minRefreshInterval=PT-1S; --minRefreshInterval",
        "--maxBatchWait=PT0S; --maxBatchWait",
        "--maxFutureSkew=PT-1S; --maxFutureSkew",
        "--scoresTopic=availability.refresh-requests; two topics",
        "--maxScoringQps=0; --maxScoringQps",
        "--scoringUrl=ftp://x; --scoringUrl"
      })
  void aWrongOptionIsRefusedAtLaunchAndItSaysWhatToWrite(String option, String told) {
    IllegalArgumentException wrong =
        assertThrows(IllegalArgumentException.class, () -> RefreshPipeline.of(options(option)));
    assertThat(wrong.getMessage(), containsString(told));
    assertThat(wrong.getMessage(), not(containsString("hunter2")));
  }

  @Test
  void secretsOfTheConsumerTravelByReferenceAndOffsetsAreCommittedByTheRunnerOnly() {
    KafkaIO.Read<byte[], byte[]> read =
        KafkaInput.of(
                options(
                    "--kafkaConfig=security.protocol=SASL_SSL,sasl.jaas.config=env:JAAS",
                    "--consumerGroup=g"))
            .topic("t");
    Map<String, Object> config = read.getConsumerConfig();
    assertThat(config, hasEntry("security.protocol", "SASL_SSL"));
    assertThat(config, hasEntry("sasl.jaas.config", "env:JAAS"));
    assertThat(config, hasEntry("enable.auto.commit", false));
    assertThat(config, hasEntry("group.id", "g"));
    assertThat(config, hasEntry("auto.offset.reset", "earliest"));
    assertThat(DisplayData.from(read).toString(), not(containsString("Login")));
  }

  private static RefreshOptions options(String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--jdbcUrl=jdbc:postgresql://localhost/x");
    all.add("--bootstrapServers=localhost:1");
    if (all.stream().noneMatch(option -> option.startsWith("--scoringUrl"))) {
      all.add("--scoringUrl=http://localhost:1");
    }
    return PipelineOptionsFactory.fromArgs(all.toArray(new String[0])).as(RefreshOptions.class);
  }
}
