package io.shelfcast.transforms;

/** What becomes of rows whose model version is not in the registry. */
public enum OnUnknownModel {
  /** It is registered, as {@code shadow}: stored, and served to nobody. */
  register,
  /** They are rejected. */
  reject
}
