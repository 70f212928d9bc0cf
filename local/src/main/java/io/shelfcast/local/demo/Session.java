package io.shelfcast.local.demo;

import org.jspecify.annotations.Nullable;

/** A user who goes from screen to screen in one store, and wants each to say the same. */
final class Session {

  private final String userId;
  private final long storeId;
  private int screensLeft;
  private volatile @Nullable String token;

  Session(String userId, long storeId, int screens) {
    this.userId = userId;
    this.storeId = storeId;
    this.screensLeft = screens;
  }

  String userId() {
    return userId;
  }

  long storeId() {
    return storeId;
  }

  /** Goes on to the next screen; false when that was the last. */
  boolean next() {
    return screensLeft-- > 0;
  }

  /** What the last answer gave, so that the next is made by the same; null: none came yet. */
  @Nullable String token() {
    return token;
  }

  void answered(String newToken) {
    token = newToken;
  }
}
