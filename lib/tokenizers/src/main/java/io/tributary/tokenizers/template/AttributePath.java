package io.tributary.tokenizers.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code attribute} of a filter: names and numbers with points between them. */
record AttributePath(List<Value> keys) {
    private static final int MAXIMAL_DIGITS = 9;

    static AttributePath of(Value written) {
        if (!(written instanceof TextValue path)) {
            return new AttributePath(List.of(written));
        }
        List<Value> keys = new ArrayList<>();
        for (String part : path.string().split("\\.", -1)) {
            boolean number = !part.isEmpty()
                    && part.length() <= MAXIMAL_DIGITS
                    && part.chars().allMatch(character -> character >= '0' && character <= '9');
            keys.add(number ? new IntValue(Integer.parseInt(part)) : TextValue.trusted(part));
        }
        return new AttributePath(keys);
    }

    /**
     * What the path leads to.
     *
     * @param byDefault what stands for anything on the way that is not there; null to leave it undefined
     */
    Value of(Value value, @Nullable Value byDefault, Meter meter) {
        Value result = value;
        for (Value key : keys) {
            meter.spend(1);
            Value item = Attributes.item(result, key, meter);
            result = item instanceof UndefinedValue && byDefault != null ? byDefault : item;
        }
        return result;
    }
}
