/** How well a model predicts a text with keys and values stored in each of their types. */
@NullMarked
package io.tributary.bench.perplexity;

import org.jspecify.annotations.NullMarked;
