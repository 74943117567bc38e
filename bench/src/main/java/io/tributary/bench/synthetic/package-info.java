/** Models with random weights in the shapes of real ones, so that anyone can repeat a measurement. */
@NullMarked
package io.tributary.bench.synthetic;

import org.jspecify.annotations.NullMarked;
