/** Bulk reads of scores and decisions, for one request in one consistent answer. */
@NullMarked
package io.shelfcast.serving;

import org.jspecify.annotations.NullMarked;
