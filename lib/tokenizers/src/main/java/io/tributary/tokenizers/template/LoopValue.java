package io.tributary.tokenizers.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code loop} inside a loop: where it stands. */
final class LoopValue implements Value {
    private final List<Value> elements;
    private final int depth;
    private int index;
    private @Nullable Value lastChanged;

    LoopValue(List<Value> elements, int depth) {
        this.elements = elements;
        this.depth = depth;
    }

    void advance(int to) {
        index = to;
    }

    /** How many loops this one is in, itself included. */
    int level() {
        return depth;
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
            case "depth" -> new IntValue(depth);
            case "depth0" -> new IntValue(depth - 1L);
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
