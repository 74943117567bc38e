/**
 * Packed weights on disk, so that a later start maps them instead of packing again. A cache can only save time: whatever is
 * wrong with it, weights are packed from the checkpoint.
 */
@NullMarked
package io.tributary.models.packing;

import org.jspecify.annotations.NullMarked;
