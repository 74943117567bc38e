package io.tributary.tokenizers.template;

import org.jspecify.annotations.Nullable;

/** An integer of 64 bits. */
record IntValue(long integer) implements NumberValue {
    @Override
    public double real() {
        return integer;
    }

    @Override
    public boolean isIntegral() {
        return true;
    }

    @Override
    public String type() {
        return "int";
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
