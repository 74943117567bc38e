/** Expert shards: they hold experts and compute the rows that routers send them. */
@NullMarked
package io.tributary.decoder.experts;

import org.jspecify.annotations.NullMarked;
