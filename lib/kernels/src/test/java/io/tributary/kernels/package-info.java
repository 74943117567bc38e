/** Tests of the kernels against a scalar reference in the canonical order and against double precision. */
@NullMarked
package io.tributary.kernels;

import org.jspecify.annotations.NullMarked;
