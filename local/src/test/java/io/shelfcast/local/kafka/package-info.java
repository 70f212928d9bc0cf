@NullMarked
package io.shelfcast.local.kafka;

import org.jspecify.annotations.NullMarked;
