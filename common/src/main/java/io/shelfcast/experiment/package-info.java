/** Which user gets which model version. Knows no Beam and no JDBC. */
@NullMarked
package io.shelfcast.experiment;

import org.jspecify.annotations.NullMarked;
