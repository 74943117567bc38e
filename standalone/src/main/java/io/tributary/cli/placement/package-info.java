/** Which shard holds which experts: placements, what they cost, and how a good one is found. */
@NullMarked
package io.tributary.cli.placement;

import org.jspecify.annotations.NullMarked;
