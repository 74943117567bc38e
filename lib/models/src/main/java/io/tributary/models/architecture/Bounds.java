package io.tributary.models.architecture;

/** What a configuration may ask for; beyond these lies no model, only an overflow. */
final class Bounds {
    static final int VOCABULARY = 1 << 24;
    static final int WIDTH = 1 << 20;
    static final int POSITIONS = 1 << 24;
    static final int LAYERS = 10_000;
    static final int HEADS = 1 << 14;
    static final int HEAD_SIZE = 1 << 12;
    static final int HIDDEN = 1 << 22;
    static final int EXPERTS = 1 << 12;
    static final double BASE = 1e15;
    static final double FACTOR = 1e6;

    private Bounds() {}

    /** The value as an int if it is of {@code least..most}. */
    static int integer(String field, long value, int least, int most) {
        if (value < least || value > most) {
            throw new InvalidArchitectureException(field, Long.toString(value), least + " to " + most);
        }
        return (int) value;
    }

    /** The value if it is above {@code lower} and at most {@code most}. */
    static double above(String field, double value, double lower, double most) {
        if (!(value > lower && value <= most)) {
            throw new InvalidArchitectureException(field, Double.toString(value), "above " + lower + ", up to " + most);
        }
        return value;
    }

    /** The factor of a rope scaling: 1 to {@link #FACTOR}. */
    static double factor(String field, double value) {
        if (!(value >= 1 && value <= FACTOR)) {
            throw new InvalidArchitectureException(field, Double.toString(value), "1 to " + FACTOR);
        }
        return value;
    }
}
