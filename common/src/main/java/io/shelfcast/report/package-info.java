/**
 * Writes one HTML file of headings, texts, tables and line plots that needs nothing but a browser.
 * Knows neither what is reported nor where it came from.
 */
@NullMarked
package io.shelfcast.report;

import org.jspecify.annotations.NullMarked;
