/** The decoder service: a shard of a stage, fed by the activation log. */
@NullMarked
package io.tributary.decoder;

import org.jspecify.annotations.NullMarked;
