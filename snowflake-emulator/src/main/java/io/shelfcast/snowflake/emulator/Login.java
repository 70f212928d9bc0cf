package io.shelfcast.snowflake.emulator;

import org.jspecify.annotations.Nullable;

/**
 * A login that was tried: by whom and by what, never the secret.
 *
 * @param failure the code of the refusal, or null if it was let in
 */
public record Login(String user, String authenticator, @Nullable String failure) {}
