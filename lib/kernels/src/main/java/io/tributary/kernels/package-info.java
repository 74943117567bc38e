/**
 * Arithmetic over native memory in one canonical order, so that a result has the same bits for every batch size, thread
 * count, chunk and vector width.
 *
 * <p>All activations are float32, little endian and row-major. The canonical order is:
 *
 * <ul>
 *   <li><b>Matrix product.</b> Each weight is widened to a float32: exactly, or, where its quantised type needs more digits, as
 *       {@code fma(quant, scale, minimum)}, which rounds once. For each (token, output) the inputs are taken in chains of 128:
 *       {@code acc = 0; acc = fma(w[k], x[k], acc)} for ascending k, and the chains are joined in ascending order by
 *       {@code total = total + acc}, starting at 0.
 *   <li><b>Row reductions</b> (the sums of a norm: of squares, of elements, of deviations and their squares; the sum of a softmax): 16
 *       virtual lanes, lane j takes the elements with index j modulo 16 in ascending order (by fma for squares, by addition
 *       for elements, deviations and exponentials), starting at 0; then the lanes 0 to 15 are added to 0 in order. The mean
 *       of {@link io.tributary.kernels.LayerNorm} is {@code r = sum / n} corrected once, {@code r + (sum of x[i] - r) / n}.
 *   <li><b>Convolution over time</b> ({@link io.tributary.kernels.Conv1d}): the matrix product of each output's inputs, tap after
 *       tap, with the weights in the same order; zeros of the padding are inputs like others.
 *   <li><b>Norm of channels over time</b> ({@link io.tributary.kernels.ChannelNorm}): for each channel, the rows are taken in
 *       chains of 128, ascending, each summed in float32 from 0 (by addition for the mean, by fma for the squares of the
 *       differences from the float32 mean), and the chains are joined in ascending order in float64, from 0.
 *   <li><b>Attention.</b> For each (position, head) the keys are taken in blocks of 64, beginning at positions that are
 *       multiples of 64, ascending; the last block ends with the last key that the position sees: itself, if attention is causal. Keys and values are what
 *       {@link io.tributary.kernels.KeyValueType} makes of them, widened to float32. The score of a key is one fma chain
 *       over the head size, ascending, from 0, then multiplied by the scale. With m the maximum so far (at first minus
 *       infinity) and n the larger of m and the block's scores: {@code c = exp(m - n)}, the weights of the block are
 *       {@code exp(score - n)}; 16 virtual lanes of sums are multiplied by c and then lane j adds the weights of the
 *       positions j modulo 16, ascending; each element of the output is multiplied by c and then goes on as one fma
 *       chain {@code fma(value, weight, output)} over the block's positions, ascending, having begun at 0. At the end
 *       the lanes 0 to 15 are added to 0 in order, and the output is multiplied by {@code 1 / sum}.
 *   <li><b>Exponential.</b> The polynomial of {@link io.tributary.kernels.Exponential}, the same for one value and for a
 *       vector.
 * </ul>
 *
 * <p>The vector width is the preferred one of the machine, at most 512 bits; the system property
 * {@code tributary.kernels.vector-bits} (128, 256 or 512) forces another and changes no bit of any result. Where the JVM
 * does not compile vectors, or was started without {@code --add-modules jdk.incubator.vector}, scalar kernels compute the
 * same bits ({@link io.tributary.kernels.KernelPath}).
 */
@NullMarked
package io.tributary.kernels;

import org.jspecify.annotations.NullMarked;
