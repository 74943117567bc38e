package io.tributary.tokenizers.template;

/** A number; the two truths are numbers as well. */
sealed interface NumberValue extends Value permits BoolValue, IntValue, RealValue {

    /** As a real number. */
    double real();

    /** Whether it is an integer; truths are. */
    boolean isIntegral();

    /** As an integer; for a real number without what is behind the point. */
    long integer();

    @Override
    default boolean truth() {
        return real() != 0;
    }

    /** Whether both are the same number. */
    static boolean same(NumberValue left, NumberValue right) {
        boolean integral = left.isIntegral() && right.isIntegral();
        return integral ? left.integer() == right.integer() : left.real() == right.real();
    }

    /** A hash that equal numbers of all kinds share. */
    static int hash(NumberValue number) {
        return Double.hashCode(number.real() + 0.0);
    }
}
