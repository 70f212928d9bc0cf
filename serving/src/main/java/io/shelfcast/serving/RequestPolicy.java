package io.shelfcast.serving;

import io.shelfcast.policy.CompiledPolicy;
import io.shelfcast.policy.Decision;
import io.shelfcast.policy.Evaluation;
import io.shelfcast.policy.ProductAttributes;
import io.shelfcast.policy.SegmentAttribute;
import io.shelfcast.policy.StoreAttributes;
import io.shelfcast.store.FoundScores;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A policy on the items of one request: by it, scores of whichever model version become decisions.
 *
 * @param state what operators had set
 * @param given what the request says in place of what is known of its items
 * @param at the time of the request
 */
record RequestPolicy(
    ServingState state,
    CompiledPolicy policy,
    ReadRequest request,
    Map<SegmentAttribute, String> given,
    Instant at) {

  static RequestPolicy of(
      ServingState state, CompiledPolicy policy, ReadRequest request, Instant at) {
    Map<SegmentAttribute, String> given = new EnumMap<>(SegmentAttribute.class);
    if (request.surface() != null) {
      given.put(SegmentAttribute.SURFACE, request.surface());
    }
    for (Map.Entry<String, String> attribute : request.attributes().entrySet()) {
      SegmentAttribute.ofWord(attribute.getKey())
          .ifPresent(known -> given.put(known, attribute.getValue()));
    }
    return new RequestPolicy(state, policy, request, given, at);
  }

  /**
   * The thresholds of a model version.
   *
   * @throws InvalidRequestException when the request's attributes cannot be
   */
  Evaluation thresholds(String modelVersion) {
    try {
      return policy.forRequest(modelVersion, given, at);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException("/attributes", String.valueOf(e.getMessage()));
    }
  }

  /** The decisions of all items. */
  Decision[] decide(Evaluation thresholds, FoundScores found) {
    boolean usesStores = policy.usesStores();
    boolean usesProducts = policy.usesProducts();
    Decision[] decisions = new Decision[request.size()];
    for (int i = 0; i < decisions.length; i++) {
      if (!found.isFound(i)) {
        decisions[i] = Decision.UNKNOWN;
        continue;
      }
      long storeId = request.storeId(i);
      decisions[i] =
          thresholds
              .thresholds(
                  storeId,
                  usesStores ? state.stores().get(storeId) : StoreAttributes.UNKNOWN,
                  usesProducts
                      ? state.products().get(request.productId(i))
                      : ProductAttributes.UNKNOWN)
              .decide(found.score(i));
    }
    return decisions;
  }

  /** The category of an item, as the policy sees it; null: it is not known. */
  @Nullable String category(int item) {
    String said = given.get(SegmentAttribute.CATEGORY);
    return said == null ? state.products().get(request.productId(item)).category() : said;
  }
}
