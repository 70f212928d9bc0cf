/**
 * Row rules: what makes a score row good, and the typed reason when it is not. No Beam, no JDBC.
 */
@NullMarked
package io.shelfcast.quality;

import org.jspecify.annotations.NullMarked;
