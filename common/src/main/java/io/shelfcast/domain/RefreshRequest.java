package io.shelfcast.domain;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event: these items of one store were shown with stale scores. Immutable.
 *
 * <p>With a model version it asks for that one's scores only, as dead letters of single scores do;
 * without, as all others, for those of every version that is kept fresh.
 */
public final class RefreshRequest {

  /** The Kafka topic of the contract, which readers write to and the refresh reads. */
  public static final String TOPIC = "availability.refresh-requests";

  private final long storeId;
  private final long[] productIds;
  private final long requestedAtMicros;
  private final String source;
  private final @Nullable String modelVersion;

  private RefreshRequest(
      long storeId,
      long[] productIds,
      long requestedAtMicros,
      String source,
      @Nullable String modelVersion) {
    this.storeId = storeId;
    this.productIds = productIds;
    this.requestedAtMicros = requestedAtMicros;
    this.source = source;
    this.modelVersion = modelVersion;
  }

  /**
   * A request.
   *
   * @param requestedAtMicros when the items were shown, in microseconds since 1970 (UTC)
   * @param source where they were shown: search, say
   * @param modelVersion whose scores; null: of every version that is kept fresh
   */
  public static RefreshRequest of(
      long storeId,
      long[] productIds,
      long requestedAtMicros,
      String source,
      @Nullable String modelVersion) {
    return new RefreshRequest(storeId, productIds.clone(), requestedAtMicros, source, modelVersion);
  }

  /** The same request of other products of the store. */
  public RefreshRequest withProducts(long[] others) {
    return of(storeId, others, requestedAtMicros, source, modelVersion);
  }

  /** The same request, of one model version's scores. */
  public RefreshRequest ofModelVersion(String name) {
    return new RefreshRequest(storeId, productIds, requestedAtMicros, source, name);
  }

  /** The number of products. */
  public int size() {
    return productIds.length;
  }

  public long storeId() {
    return storeId;
  }

  /** One of the products. */
  public long productId(int i) {
    return productIds[i];
  }

  /** When the items were shown, in microseconds since 1970 (UTC). */
  public long requestedAtMicros() {
    return requestedAtMicros;
  }

  /** Where they were shown. */
  public String source() {
    return source;
  }

  /** Whose scores; null: of every version that is kept fresh. */
  public @Nullable String modelVersion() {
    return modelVersion;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RefreshRequest that
        && storeId == that.storeId
        && requestedAtMicros == that.requestedAtMicros
        && source.equals(that.source)
        && Objects.equals(modelVersion, that.modelVersion)
        && Arrays.equals(productIds, that.productIds);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(storeId) * 31 + Arrays.hashCode(productIds);
  }

  @Override
  public String toString() {
    return "RefreshRequest[" + productIds.length + " products of store " + storeId + "]";
  }
}
