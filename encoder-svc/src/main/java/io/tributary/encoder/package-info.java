/** The encoder service: modalities to embeddings. */
@NullMarked
package io.tributary.encoder;

import org.jspecify.annotations.NullMarked;
