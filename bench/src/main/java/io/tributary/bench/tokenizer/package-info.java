/** Measures how fast texts become ids, beside the engine called directly. */
@NullMarked
package io.tributary.bench.tokenizer;

import org.jspecify.annotations.NullMarked;
