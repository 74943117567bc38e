package io.tributary.bench.machine;

/** Loops simple enough for the compiler to vectorise; what they reach is a lower bound of what the machine can do. */
public final class MachineLoops {
    /** Operations of one {@link #multiplyAdd} for each value, a multiply-add counted as two. */
    public static final int OPERATIONS_PER_VALUE = 16;

    private MachineLoops() {}

    /** Reads {@code count} values and adds them. */
    public static int sum(int[] values, int from, int count) {
        int sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += values[i];
        }
        return sum;
    }

    /**
     * Eight fused multiply-adds for each load and store, so that these are no limit; with a factor of 0.5 the values
     * converge to 1.
     */
    public static void multiplyAdd(float[] values, float factor) {
        for (int i = 0; i < values.length; i++) {
            float value = values[i];
            value = Math.fma(value, factor, factor);
            value = Math.fma(value, factor, factor);
            value = Math.fma(value, factor, factor);
            value = Math.fma(value, factor, factor);
            value = Math.fma(value, factor, factor);
            value = Math.fma(value, factor, factor);
            value = Math.fma(value, factor, factor);
            values[i] = Math.fma(value, factor, factor);
        }
    }
}
