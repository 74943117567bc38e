/** The tokenizer as a gRPC service. */
@NullMarked
package io.tributary.tokenizer.service;

import org.jspecify.annotations.NullMarked;
