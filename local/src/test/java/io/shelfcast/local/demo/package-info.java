@NullMarked
package io.shelfcast.local.demo;

import org.jspecify.annotations.NullMarked;
