/** The embedded PostgreSQL that keeps a user's data and that commands share. */
@NullMarked
package io.shelfcast.local.postgres;

import org.jspecify.annotations.NullMarked;
