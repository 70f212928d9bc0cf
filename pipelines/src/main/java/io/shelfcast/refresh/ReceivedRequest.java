package io.shelfcast.refresh;

import io.shelfcast.domain.RefreshRequest;

/**
 * A refresh request, and where it was received.
 *
 * @param place the topic partition, as {@code topic/3}, or the table
 * @param position its offset or id there
 * @param request what is asked for
 */
public record ReceivedRequest(String place, long position, RefreshRequest request) {

  ReceivedRequest with(RefreshRequest other) {
    return new ReceivedRequest(place, position, other);
  }
}
