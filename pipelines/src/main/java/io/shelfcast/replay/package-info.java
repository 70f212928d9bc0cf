/** Replay: dead letters back through validation and upsert. */
@NullMarked
package io.shelfcast.replay;

import org.jspecify.annotations.NullMarked;
