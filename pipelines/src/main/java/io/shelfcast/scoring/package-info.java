/** The client of the scoring API, which asks a model for scores over HTTP; no Beam. */
@NullMarked
package io.shelfcast.scoring;

import org.jspecify.annotations.NullMarked;
