/**
 * What outcomes say of scores: histograms, the thresholds that they propose, and how well a model
 * tells what is there from what is not. Knows neither Beam nor a database.
 */
@NullMarked
package io.shelfcast.tuning;

import org.jspecify.annotations.NullMarked;
