/** The embedded Kafka broker that keeps its topics and that commands share. */
@NullMarked
package io.shelfcast.local.kafka;

import org.jspecify.annotations.NullMarked;
