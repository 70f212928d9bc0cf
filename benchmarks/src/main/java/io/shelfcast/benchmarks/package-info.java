/** Side-by-side measures: {@code ./shelfcast bench}. */
@NullMarked
package io.shelfcast.benchmarks;

import org.jspecify.annotations.NullMarked;
