/** Tests of chat templates. */
@NullMarked
package io.tributary.tokenizers.template;

import org.jspecify.annotations.NullMarked;
