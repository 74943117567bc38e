package io.tributary.tokenizers.template;

import org.jspecify.annotations.Nullable;

/** {@code True} or {@code False}. */
record BoolValue(boolean value) implements NumberValue {
    static final BoolValue TRUE = new BoolValue(true);
    static final BoolValue FALSE = new BoolValue(false);

    static BoolValue of(boolean value) {
        return value ? TRUE : FALSE;
    }

    @Override
    public double real() {
        return integer();
    }

    @Override
    public boolean isIntegral() {
        return true;
    }

    @Override
    public long integer() {
        return value ? 1 : 0;
    }

    @Override
    public String type() {
        return "bool";
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
