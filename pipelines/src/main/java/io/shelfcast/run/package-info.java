/** What all runs have in common: the database's options, and their course from start to end. */
@NullMarked
package io.shelfcast.run;

import org.jspecify.annotations.NullMarked;
