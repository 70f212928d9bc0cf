/**
 * Which model version a request is answered with, asked through OpenFeature. Knows neither the
 * database nor HTTP.
 */
@NullMarked
package io.shelfcast.serving.experiment;

import org.jspecify.annotations.NullMarked;
