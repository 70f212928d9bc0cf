/** How two model versions' answers for the same items differ. No Beam, no JDBC. */
@NullMarked
package io.shelfcast.comparison;

import org.jspecify.annotations.NullMarked;
