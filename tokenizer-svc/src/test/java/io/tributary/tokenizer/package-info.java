/** Tests of the tokenizers. */
@NullMarked
package io.tributary.tokenizer;

import org.jspecify.annotations.NullMarked;
