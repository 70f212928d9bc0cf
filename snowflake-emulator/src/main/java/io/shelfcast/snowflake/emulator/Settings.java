package io.shelfcast.snowflake.emulator;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What there is in the emulated account. */
record Settings(
    String account,
    String database,
    String schema,
    String warehouse,
    String role,
    Set<String> integrations,
    @Nullable FakeGcs gcs) {}
