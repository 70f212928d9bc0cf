/** The commands, and the one-machine stack that they run on. */
@NullMarked
package io.shelfcast.local;

import org.jspecify.annotations.NullMarked;
