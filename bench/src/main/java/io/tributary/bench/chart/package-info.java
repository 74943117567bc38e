/** Pictures of what {@code bench model --json} has measured. */
@NullMarked
package io.tributary.bench.chart;

import org.jspecify.annotations.NullMarked;
