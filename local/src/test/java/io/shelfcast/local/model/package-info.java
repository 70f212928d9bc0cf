@NullMarked
package io.shelfcast.local.model;

import org.jspecify.annotations.NullMarked;
