/** The words of Shelfcast as records. Knows no Beam and no JDBC. */
@NullMarked
package io.shelfcast.domain;

import org.jspecify.annotations.NullMarked;
