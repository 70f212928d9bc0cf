/** Scores that look like a real model's, made from nothing: for demos and benchmarks. */
@NullMarked
package io.shelfcast.local.generate;

import org.jspecify.annotations.NullMarked;
