package io.tributary.checkpoints;

import java.util.List;

/** Arithmetic over shapes that come from files and so may be anything. */
final class TensorShape {
    private TensorShape() {}

    /**
     * The product of the extents, 1 for rank 0.
     *
     * @throws IllegalArgumentException for a negative extent or a product past 2^63 - 1
     */
    static long elements(List<Long> shape) {
        long elements = 1;
        for (long extent : shape) {
            if (extent < 0) {
                throw new IllegalArgumentException("the shape " + shape + " has the negative extent " + extent);
            }
            elements = multiply(elements, extent, shape);
        }
        return elements;
    }

    /**
     * The bytes that a tensor of this shape takes, rows (the last extent) being whole numbers of blocks.
     *
     * @throws IllegalArgumentException as {@link #elements}, and for a row that is not a whole number of blocks
     */
    static long bytes(TensorType type, List<Long> shape) {
        long elements = elements(shape);
        long row = shape.isEmpty() ? 1 : shape.getLast();
        if (row % type.blockElements() != 0) {
            throw new IllegalArgumentException("the shape " + shape + " has rows of " + row + " elements, which " + type
                    + " cannot store: it needs a multiple of " + type.blockElements());
        }
        return multiply(elements / type.blockElements(), type.blockBytes(), shape);
    }

    private static long multiply(long left, long right, List<Long> shape) {
        if (Math.multiplyHigh(left, right) != 0 || left * right < 0) {
            throw new IllegalArgumentException("the shape " + shape + " means more than 2^63 - 1 bytes");
        }
        return left * right;
    }
}
