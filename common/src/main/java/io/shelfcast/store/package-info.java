/** The serving database: all SQL of the project's write side. Knows JDBC, knows no Beam. */
@NullMarked
package io.shelfcast.store;

import org.jspecify.annotations.NullMarked;
