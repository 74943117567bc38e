/** Tests of expert shards. */
@NullMarked
package io.tributary.decoder.experts;

import org.jspecify.annotations.NullMarked;
