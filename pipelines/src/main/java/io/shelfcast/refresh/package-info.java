/** Refresh: from stale items seen in search to fresh scores in the serving database. */
@NullMarked
package io.shelfcast.refresh;

import org.jspecify.annotations.NullMarked;
