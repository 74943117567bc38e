/** Encoders of text: tokens to embeddings. */
@NullMarked
package io.tributary.models.text;

import org.jspecify.annotations.NullMarked;
