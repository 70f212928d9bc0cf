/** The network as far as this machine's embedded servers go. */
@NullMarked
package io.shelfcast.local.net;

import org.jspecify.annotations.NullMarked;
