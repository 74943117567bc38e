/** From a row of logits to a token: biases, penalties, temperature, truncation and a draw that depends on seed and position. */
@NullMarked
package io.tributary.models.sampling;

import org.jspecify.annotations.NullMarked;
