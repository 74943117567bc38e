/** Benchmarks of the kernels beside a scalar loop and the limits of the machine, all measured in one run. */
@NullMarked
package io.tributary.bench;

import org.jspecify.annotations.NullMarked;
