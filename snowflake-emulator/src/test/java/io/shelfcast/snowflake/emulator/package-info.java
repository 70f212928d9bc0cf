@NullMarked
package io.shelfcast.snowflake.emulator;

import org.jspecify.annotations.NullMarked;
