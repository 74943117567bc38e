/** Tests of decoder shards. */
@NullMarked
package io.tributary.decoder;

import org.jspecify.annotations.NullMarked;
