package io.tributary.tokenizers.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code loop} inside a loop: where it stands. */
final class LoopValue implements Value {
    private final List<Value> elements;
    private int index;
    private @Nullable Value lastChanged;

    LoopValue(List<Value> elements) {
        this.elements = elements;
    }

    void advance(int to) {
        index = to;
    }

    Value attribute(String name) {
        int size = elements.size();
        return switch (name) {
            case "index" -> new IntValue(index + 1L);
            case "index0" -> new IntValue(index);
            case "revindex" -> new IntValue((long) size - index);
            case "revindex0" -> new IntValue(size - index - 1L);
            case "first" -> BoolValue.of(index == 0);
            case "last" -> BoolValue.of(index == size - 1);
            case "length" -> new IntValue(size);
            // Counts the levels of recursive loops only, which there are none of.
            case "depth" -> new IntValue(1);
            case "depth0" -> new IntValue(0);
            case "previtem" -> element(index - 1, "there is no previous item");
            case "nextitem" -> element(index + 1, "there is no next item");
            case "cycle" -> new FunctionValue(name, (evaluation, arguments) -> cycled(arguments));
            case "changed" -> new FunctionValue(name, (evaluation, arguments) -> changed(evaluation, arguments));
            default -> new UndefinedValue("the loop has no attribute '" + name + "'");
        };
    }

    private Value element(int at, String problem) {
        return at < 0 || at >= elements.size() ? new UndefinedValue(problem) : elements.get(at);
    }

    private Value cycled(Arguments arguments) {
        List<Value> choices = arguments.positional();
        if (choices.isEmpty()) {
            throw new TemplateFault("loop.cycle needs something to choose from");
        }
        return choices.get(index % choices.size());
    }

    private Value changed(Evaluation evaluation, Arguments arguments) {
        Value current = ListValue.tuple(arguments.positional());
        evaluation.meter().spend(current.extent().weight());
        boolean changed = !current.equals(lastChanged);
        lastChanged = current;
        return BoolValue.of(changed);
    }

    @Override
    public boolean truth() {
        return true;
    }

    @Override
    public String type() {
        return "LoopContext";
    }
}
