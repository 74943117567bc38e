package io.tributary.bench.machine;

/** A loop simple enough for the compiler to vectorise; what it reads is a lower bound of what the machine can read. */
public final class MachineLoops {
    private MachineLoops() {}

    /** Reads {@code count} values and adds them. */
    public static int sum(int[] values, int from, int count) {
        int sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += values[i];
        }
        return sum;
    }
}
