/** From tensors in a checkpoint to weights in memory: what they are called, which shape they have, how they are packed. */
@NullMarked
package io.tributary.models.weights;

import org.jspecify.annotations.NullMarked;
