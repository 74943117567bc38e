/** The forward pass: a stage of a decoder computes hidden states or logits for batches of chunks of many sequences. */
@NullMarked
package io.tributary.models;

import org.jspecify.annotations.NullMarked;
