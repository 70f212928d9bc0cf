/**
 * The transforms that all pipelines share. Thin: what they do is done in {@code quality} and {@code
 * store}.
 */
@NullMarked
package io.shelfcast.transforms;

import org.jspecify.annotations.NullMarked;
