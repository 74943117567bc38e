/** Transformers over the patches of images. */
@NullMarked
package io.tributary.models.vision;

import org.jspecify.annotations.NullMarked;
