package io.tributary.tokenizers.template;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** Python's slices. */
final class Slices {
    private Slices() {}

    /** {@code target[start:stop:step]}; {@code None} stands for what is left out. */
    static Value slice(Value target, Value start, Value stop, Value step, Meter meter) {
        long stride = step == NoneValue.NONE ? 1 : Operators.integer(step);
        if (stride == 0) {
            throw new TemplateFault("the step of a slice must not be 0");
        }
        return switch (target) {
            case ListValue list -> {
                List<Value> elements = new ArrayList<>();
                walk(
                        list.elements().size(),
                        start,
                        stop,
                        stride,
                        index -> elements.add(list.elements().get(index)));
                meter.spend(elements.size() / 2);
                yield list.tuple() ? ListValue.tuple(elements) : ListValue.list(elements);
            }
            case TextValue text -> text(text, start, stop, stride, meter);
            case UndefinedValue undefined -> throw undefined.fault();
            default -> new UndefinedValue("a value of type " + target.type() + " cannot be sliced");
        };
    }

    private static TextValue text(TextValue text, Value start, Value stop, long stride, Meter meter) {
        int count = CodePoints.count(text);
        meter.spend(text.extent().weight());
        if (stride == 1) {
            int from = (int) bound(start, 0, 0, count, count);
            int to = (int) bound(stop, count, 0, count, count);
            return from < to ? CodePoints.part(text, from, to) : TextValue.EMPTY;
        }
        List<Value> characters = characters(text, meter);
        TextBuilder target = new TextBuilder(meter);
        walk(count, start, stop, stride, index -> target.append((TextValue) characters.get(index)));
        return target.build();
    }

    private static void walk(int size, Value start, Value stop, long stride, IntConsumer visitor) {
        boolean forward = stride > 0;
        long lowest = forward ? 0 : -1;
        long highest = forward ? size : size - 1L;
        long from = bound(start, forward ? lowest : highest, lowest, highest, size);
        long to = bound(stop, forward ? highest : lowest, lowest, highest, size);
        for (long index = from;
                forward ? index < to : index > to;
                index = Math.addExact(index, clamped(stride, size))) {
            visitor.accept((int) index);
        }
    }

    /** A step beyond the size leads out just as well, and does not overflow. */
    private static long clamped(long stride, int size) {
        return Math.clamp(stride, -size - 1L, size + 1L);
    }

    private static long bound(Value written, long byDefault, long lowest, long highest, int size) {
        if (written == NoneValue.NONE) {
            return byDefault;
        }
        long index = Operators.integer(written);
        return Math.clamp(index < 0 ? index + size : index, lowest, highest);
    }

    /** Every character of a text as a text. */
    static List<Value> characters(TextValue text, Meter meter) {
        meter.spend(text.length());
        List<Value> characters = new ArrayList<>(text.length());
        int index = 0;
        while (index < text.length()) {
            int next = index + Character.charCount(text.string().codePointAt(index));
            characters.add(text.part(index, next));
            index = next;
        }
        return characters;
    }
}
