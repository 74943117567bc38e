/** Encoders of speech: samples to features, units and text. */
@NullMarked
package io.tributary.models.speech;

import org.jspecify.annotations.NullMarked;
