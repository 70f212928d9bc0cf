/** Searches that are played against a server, and what is seen of them: for the demo. */
@NullMarked
package io.shelfcast.local.demo;

import org.jspecify.annotations.NullMarked;
