/** What the benchmarks need of the full sync's own steps. */
@NullMarked
package io.shelfcast.fullsync;

import org.jspecify.annotations.NullMarked;
