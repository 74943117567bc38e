/** The tokenizer as a gRPC service. */
@NullMarked
package io.tributary.tokenizer;

import org.jspecify.annotations.NullMarked;
