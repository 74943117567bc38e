/** Tests of the tokenizers. */
@NullMarked
package io.tributary.tokenizers;

import org.jspecify.annotations.NullMarked;
