/** Tests of the encoder service. */
@NullMarked
package io.tributary.encoder;

import org.jspecify.annotations.NullMarked;
