package io.shelfcast.serving;

import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.shelfcast.serving.v1.AvailabilityGrpc;
import io.shelfcast.serving.v1.BatchGetRequest;
import io.shelfcast.serving.v1.BatchGetResponse;
import io.shelfcast.serving.v1.Decision;
import io.shelfcast.serving.v1.Item;
import io.shelfcast.serving.v1.ItemAvailability;

/** {@code shelfcast.v1.Availability}: the same as JSON, in protocol buffers. */
final class AvailabilityGrpcService extends AvailabilityGrpc.AvailabilityImplBase {

  private final ReadHandler handler;

  AvailabilityGrpcService(ReadHandler handler) {
    this.handler = handler;
  }

  @Override
  public void batchGet(BatchGetRequest request, StreamObserver<BatchGetResponse> observer) {
    if (observer instanceof ServerCallStreamObserver<BatchGetResponse> call) {
      // Otherwise an answer to somebody who has gone is an exception.
      call.setOnCancelHandler(() -> {});
    }
    handler.handle(
        "grpc",
        System.nanoTime(),
        new ReadHandler.Exchange() {
          @Override
          public ReadRequest request() {
            return parse(request);
          }

          @Override
          public void answer(ReadAnswer answer) {
            observer.onNext(response(answer));
            observer.onCompleted();
          }

          @Override
          public boolean isGone() {
            return observer instanceof ServerCallStreamObserver<?> call && call.isCancelled();
          }

          @Override
          public void fail(Failure failure) {
            if (!isGone()) {
              observer.onError(status(failure).asRuntimeException());
            }
          }
        });
  }

  static ReadRequest parse(BatchGetRequest request) {
    ReadRequest.Builder builder = ReadRequest.ofItems();
    if (request.hasStoreId()) {
      builder.storeId(request.getStoreId());
    }
    for (int i = 0; i < request.getProductIdsCount(); i++) {
      builder.addProduct(request.getProductIds(i));
    }
    for (Item item : request.getItemsList()) {
      builder.addItem(item.getStoreId(), item.getProductId());
    }
    request.getAttributesMap().forEach(builder::attribute);
    return builder
        .userId(request.getUserId())
        .surface(request.getSurface())
        .consistencyToken(request.getConsistencyToken())
        .build();
  }

  static BatchGetResponse response(ReadAnswer answer) {
    BatchGetResponse.Builder response =
        BatchGetResponse.newBuilder()
            .setModelVersion(answer.modelVersion())
            .setPolicyVersion(answer.policyVersion())
            .setConsistencyToken(answer.consistencyToken());
    for (int i = 0; i < answer.size(); i++) {
      ItemAvailability.Builder item =
          ItemAvailability.newBuilder()
              .setStoreId(answer.storeId(i))
              .setProductId(answer.productId(i))
              .setStale(answer.isStale(i))
              .setDecision(decision(answer.decision(i)));
      if (answer.hasScore(i)) {
        long micros = answer.scoredAtMicros(i);
        item.setScore(answer.score(i))
            .setScoredAt(
                Timestamp.newBuilder()
                    .setSeconds(Math.floorDiv(micros, 1_000_000L))
                    .setNanos((int) Math.floorMod(micros, 1_000_000L) * 1_000))
            .setAgeSeconds(answer.ageSeconds(i));
      }
      response.addItems(item);
    }
    return response.build();
  }

  private static Decision decision(io.shelfcast.policy.Decision decision) {
    return switch (decision) {
      case IN_STOCK -> Decision.IN_STOCK;
      case LOW -> Decision.LOW;
      case OUT -> Decision.OUT;
      case UNKNOWN -> Decision.UNKNOWN;
    };
  }

  private static Status status(Failure failure) {
    Status status =
        switch (failure.kind()) {
          case INVALID -> Status.INVALID_ARGUMENT;
          case OVERLOADED -> Status.RESOURCE_EXHAUSTED;
          case UNAVAILABLE -> Status.UNAVAILABLE;
          case TIMEOUT -> Status.DEADLINE_EXCEEDED;
          case INTERNAL -> Status.INTERNAL;
        };
    return status.withDescription(failure.detail());
  }
}
