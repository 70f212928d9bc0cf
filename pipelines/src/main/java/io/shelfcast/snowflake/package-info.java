/**
 * Snowflake as a source: the settings, the connection, and the SQL that unloads score rows. What of
 * it is wired into a pipeline stands in {@code io.shelfcast.fullsync}.
 */
@NullMarked
package io.shelfcast.snowflake;

import org.jspecify.annotations.NullMarked;
