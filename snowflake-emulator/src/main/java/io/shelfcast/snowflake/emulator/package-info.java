/** A stand-in for Snowflake, and for the bucket it unloads to, on loopback: for tests and demos. */
@NullMarked
package io.shelfcast.snowflake.emulator;

import org.jspecify.annotations.NullMarked;
