package io.tributary.kernels;

/** A weight matrix holds a number that is not finite: the file is damaged or was written by a diverged training run. */
public final class InvalidWeightsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int row;
    private final int column;

    InvalidWeightsException(WeightType type, int row, int column, float value, String what) {
        super("the " + what + " at row " + row + ", column " + column + " of a " + type + " weight matrix is " + value
                + "; all weights must be finite");
        this.row = row;
        this.column = column;
    }

    /** The row (output) of the first bad weight found. */
    public int row() {
        return row;
    }

    /** The column (input) of the first bad weight found; the first column of its block if the block's scale is bad. */
    public int column() {
        return column;
    }
}
