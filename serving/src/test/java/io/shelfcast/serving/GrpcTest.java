package io.shelfcast.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.linecorp.armeria.client.grpc.GrpcClients;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.shelfcast.serving.v1.AvailabilityGrpc;
import io.shelfcast.serving.v1.BatchGetRequest;
import io.shelfcast.serving.v1.BatchGetResponse;
import io.shelfcast.serving.v1.Decision;
import io.shelfcast.serving.v1.Item;
import io.shelfcast.serving.v1.ItemAvailability;
import io.shelfcast.store.ModelRegistry;
import io.shelfcast.store.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GrpcTest {

  private static final TestDatabase DATABASE = TestDatabase.create();
  private static Serving serving;
  private static AvailabilityGrpc.AvailabilityBlockingStub client;

  @BeforeAll
  static void starts() throws Exception {
    short model = Serving.model(DATABASE, "realtime-v2");
    new ModelRegistry(DATABASE.database()).promote("realtime-v2");
    Serving.score(DATABASE, model, 7, 11, 0.93, Duration.ofSeconds(90));
    serving = Serving.start(Serving.settings(DATABASE.config()));
    client =
        GrpcClients.newClient(
            "gproto+" + serving.server.url(), AvailabilityGrpc.AvailabilityBlockingStub.class);
  }

  @AfterAll
  static void stops() {
    serving.close();
  }

  @Test
  void answersAsJsonDoes() throws Exception {
    BatchGetResponse answer =
        client.batchGet(
            BatchGetRequest.newBuilder()
                .setStoreId(7)
                .addProductIds(99)
                .addProductIds(11)
                .setSurface("cart")
                .build());

    assertEquals("realtime-v2", answer.getModelVersion());
    assertEquals(0, answer.getPolicyVersion());
    assertEquals(Decision.UNKNOWN, answer.getItems(0).getDecision());
    assertFalse(answer.getItems(0).hasScore());
    assertFalse(answer.getItems(0).hasScoredAt());
    assertFalse(answer.getItems(0).hasAgeSeconds());
    ItemAvailability item = answer.getItems(1);
    JsonNode same =
        serving
            .read(
                "{\"store_id\":7,\"product_ids\":[11],\"surface\":\"cart\","
                    + "\"consistency_token\":\"%s\"}".formatted(answer.getConsistencyToken()))
            .at("/items/0");
    assertEquals(same.get("score").asText(), String.valueOf(item.getScore()));
    assertEquals(same.get("decision").asText(), item.getDecision().name());
    assertEquals(same.get("stale").asBoolean(), item.getStale());
    assertTrue(item.getStale());
    assertEquals(
        Instant.parse(same.get("scored_at").asText()),
        Instant.ofEpochSecond(item.getScoredAt().getSeconds(), item.getScoredAt().getNanos()));
    assertEquals(same.get("age_seconds").asDouble(), item.getAgeSeconds(), 10.0);
  }

  @Test
  void storeZeroIsAStore() {
    BatchGetResponse answer =
        client.batchGet(
            BatchGetRequest.newBuilder()
                .addItems(Item.newBuilder().setStoreId(0).setProductId(0))
                .build());
    assertEquals(Decision.UNKNOWN, answer.getItems(0).getDecision());
    assertEquals(
        1,
        client
            .batchGet(BatchGetRequest.newBuilder().setStoreId(0).addProductIds(0).build())
            .getItemsCount());
  }

  @Test
  void aWrongRequestIsAnInvalidArgumentThatSaysWhatToChange() {
    StatusRuntimeException refused =
        assertThrows(
            StatusRuntimeException.class,
            () ->
                client.batchGet(
                    BatchGetRequest.newBuilder().setStoreId(-7).addProductIds(1).build()));
    assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode());
    assertEquals(
        "store_id is -7; ids are 64-bit integers from 0", refused.getStatus().getDescription());
  }

  @Test
  void aClientThatHasGoneIsNoFailureOfTheServer() throws Exception {
    double failed = errors();
    for (int i = 0; i < 50; i++) {
      try {
        client
            .withDeadlineAfter(1 + i % 3, TimeUnit.MILLISECONDS)
            .batchGet(BatchGetRequest.newBuilder().setStoreId(7).addProductIds(11).build());
      } catch (StatusRuntimeException e) {
        assertEquals(Status.Code.DEADLINE_EXCEEDED, e.getStatus().getCode(), e.toString());
      }
    }
    client.batchGet(BatchGetRequest.newBuilder().setStoreId(7).addProductIds(11).build());
    assertEquals(failed, errors());
  }

  private static double errors() {
    return serving.registry.find("shelfcast.requests").tag("outcome", "error").timers().stream()
        .mapToDouble(timer -> (double) timer.count())
        .sum();
  }

  @Test
  void withoutALiveVersionItIsUnavailableAndSaysSoToHealthChecks() throws Exception {
    TestDatabase empty = TestDatabase.create();
    try (Serving waiting = Serving.starting(Serving.settings(empty.config()))) {
      String url = "gproto+" + waiting.server.url();
      AvailabilityGrpc.AvailabilityBlockingStub asking =
          GrpcClients.newClient(url, AvailabilityGrpc.AvailabilityBlockingStub.class);
      StatusRuntimeException refused =
          assertThrows(
              StatusRuntimeException.class,
              () ->
                  asking.batchGet(
                      BatchGetRequest.newBuilder().setStoreId(7).addProductIds(1).build()));
      assertEquals(Status.Code.UNAVAILABLE, refused.getStatus().getCode());
      HealthGrpc.HealthBlockingStub health =
          GrpcClients.newClient(url, HealthGrpc.HealthBlockingStub.class);
      awaitHealth(health, ServingStatus.NOT_SERVING);

      Serving.model(empty, "m1");
      new ModelRegistry(empty.database()).promote("m1");
      awaitHealth(health, ServingStatus.SERVING);
    }
  }

  private static void awaitHealth(HealthGrpc.HealthBlockingStub health, ServingStatus status)
      throws InterruptedException {
    while (health.check(HealthCheckRequest.getDefaultInstance()).getStatus() != status) {
      Thread.sleep(20); // Bounded by the class's own time limit.
    }
  }

  @Test
  void theOpenApiDocumentHasTheFieldsOfTheProto() throws Exception {
    JsonNode schemas =
        Serving.JSON.readTree(serving.get("/openapi.json").body()).at("/components/schemas");
    for (Descriptor message :
        Set.of(
            BatchGetRequest.getDescriptor(),
            BatchGetResponse.getDescriptor(),
            Item.getDescriptor(),
            ItemAvailability.getDescriptor())) {
      Set<String> fields =
          message.getFields().stream().map(FieldDescriptor::getName).collect(Collectors.toSet());
      Set<String> properties = new TreeSet<>();
      schemas
          .get(message.getName())
          .get("properties")
          .fieldNames()
          .forEachRemaining(properties::add);
      assertEquals(new TreeSet<>(fields), properties, message.getName());
    }
    Set<String> decisions = new TreeSet<>();
    schemas
        .at("/ItemAvailability/properties/decision/enum")
        .forEach(word -> decisions.add(word.asText()));
    assertEquals(
        Decision.getDescriptor().getValues().stream()
            .filter(value -> value.getNumber() != 0)
            .map(EnumValueDescriptor::getName)
            .collect(Collectors.toCollection(TreeSet::new)),
        decisions);
  }
}
