package io.tributary.kernels;

/**
 * The form of a convolution over time.
 *
 * @param inputs channels of the input
 * @param outputs channels of the output
 * @param kernel taps, at least 1
 * @param stride rows of the input from one output to the next, at least 1
 * @param groups parts that the channels fall into; outputs of a part depend on the inputs of the same part alone
 * @param padding rows of zeros before and behind the input
 */
public record Conv1dShape(int inputs, int outputs, int kernel, int stride, int groups, int padding) {
    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException when an extent is out of range or the groups do not divide the channels
     */
    public Conv1dShape {
        if (inputs < 1 || outputs < 1 || kernel < 1 || stride < 1 || groups < 1 || padding < 0) {
            throw new IllegalArgumentException(
                    "a convolution from " + inputs + " to " + outputs + " channels with kernel "
                            + kernel + ", stride " + stride + ", " + groups + " groups and padding " + padding
                            + ": all must be at least 1, the padding at least 0");
        }
        if (inputs % groups != 0 || outputs % groups != 0) {
            throw new IllegalArgumentException(
                    groups + " groups do not divide " + inputs + " inputs and " + outputs + " outputs");
        }
        Math.multiplyExact(inputs / groups, kernel);
    }

    /** A convolution without groups or padding. */
    public static Conv1dShape of(int inputs, int outputs, int kernel, int stride) {
        return new Conv1dShape(inputs, outputs, kernel, stride, 1, 0);
    }

    /** The number of outputs over so many rows: {@code floor((rows + 2 padding - kernel) / stride) + 1}, at least 0. */
    public int length(int rows) {
        long space = (long) rows + 2L * padding - kernel;
        return space < 0 ? 0 : Math.toIntExact(space / stride + 1);
    }

    /** Numbers that one output is a sum over. */
    int window() {
        return inputs / groups * kernel;
    }
}
