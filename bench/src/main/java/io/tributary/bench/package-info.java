/** The command line of the benchmarks, and those of the kernels beside a scalar loop and the limits of the machine. */
@NullMarked
package io.tributary.bench;

import org.jspecify.annotations.NullMarked;
