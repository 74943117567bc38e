package io.tributary.tokenizers.template;

import org.jspecify.annotations.Nullable;

/** A real number. */
record RealValue(double real) implements NumberValue {
    @Override
    public boolean isIntegral() {
        return false;
    }

    @Override
    public long integer() {
        return (long) real;
    }

    @Override
    public String type() {
        return "float";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NumberValue number && NumberValue.same(this, number);
    }

    @Override
    public int hashCode() {
        return NumberValue.hash(this);
    }
}
