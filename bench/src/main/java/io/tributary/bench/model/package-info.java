/** Whole models, ours and llama.cpp in turn: prompts, decoding and batched decoding. */
@NullMarked
package io.tributary.bench.model;

import org.jspecify.annotations.NullMarked;
