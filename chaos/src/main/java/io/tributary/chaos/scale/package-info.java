/** What a change of the number of shards costs: measured under constant load. */
@NullMarked
package io.tributary.chaos.scale;

import org.jspecify.annotations.NullMarked;
