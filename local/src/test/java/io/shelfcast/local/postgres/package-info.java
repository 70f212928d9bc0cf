@NullMarked
package io.shelfcast.local.postgres;

import org.jspecify.annotations.NullMarked;
