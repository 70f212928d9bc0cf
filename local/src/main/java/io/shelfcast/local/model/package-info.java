/** The model server: a stand-in for the model that speaks the Open Inference Protocol. */
@NullMarked
package io.shelfcast.local.model;

import org.jspecify.annotations.NullMarked;
