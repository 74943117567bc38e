/**
 * Arithmetic over native memory in one canonical order, so that a result has the same bits for every batch size, thread
 * count, chunk and vector width.
 *
 * <p>All activations are float32, little endian and row-major. The canonical order is:
 *
 * <ul>
 *   <li><b>Matrix product.</b> A quantised weight is {@code w = d * q}, rounded to float32 (the product is exact); F16
 *       and BF16 weights are widened exactly. For each (token, output) the inputs are taken in blocks of 256: within a
 *       block {@code acc = 0; acc = fma(w[k], x[k], acc)} for ascending k, and the block sums are added to a total that
 *       starts at 0, in ascending order.
 *   <li><b>Row reductions</b> (the sum of squares of a norm, the sum of a softmax): 16 virtual lanes, lane j takes the
 *       elements with index j modulo 16 in ascending order (by fma for squares, by addition for exponentials), starting
 *       at 0; then the lanes 0 to 15 are added to 0 in order.
 *   <li><b>Attention.</b> The score of a key is one fma chain over the head size, ascending, from 0, then multiplied by
 *       the scale. The weights are {@code exp(score - maximum)}, their sum a row reduction by position. The output is
 *       one fma chain over the positions, ascending, from 0, multiplied at the end by {@code 1 / sum}.
 *   <li><b>Exponential.</b> The polynomial of {@link io.tributary.kernels.Exponential}, the same for one value and for a
 *       vector.
 * </ul>
 *
 * <p>The vector width is the preferred one of the machine, at most 512 bits; the system property
 * {@code tributary.kernels.vector-bits} (128, 256 or 512) forces another and changes no bit of any result. The JVM has to
 * be started with {@code --add-modules jdk.incubator.vector}.
 */
@NullMarked
package io.tributary.kernels;

import org.jspecify.annotations.NullMarked;
