/** Full sync: score files, whole, into the serving database. */
@NullMarked
package io.shelfcast.fullsync;

import org.jspecify.annotations.NullMarked;
