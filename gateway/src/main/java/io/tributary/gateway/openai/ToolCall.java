package io.tributary.gateway.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A call of a tool, or in a stream a part of one.
 *
 * @param index in the answer; only in a stream
 * @param id that the tool's result refers to; only in the first part
 * @param type only in the first part
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ToolCall(
        @Nullable Integer index,
        @Nullable String id,
        @Nullable String type,
        Function function) {
    private static final String FUNCTION = "function";

    /**
     * What is called.
     *
     * @param name only in the first part
     * @param arguments JSON text of an object
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Function(@Nullable String name, String arguments) {}

    static ToolCall whole(String id, String name, String arguments) {
        return new ToolCall(null, id, FUNCTION, new Function(name, arguments));
    }

    static ToolCall first(Delta.Call call) {
        return new ToolCall(call.index(), call.id(), FUNCTION, new Function(call.name(), ""));
    }

    static ToolCall more(Delta.Arguments arguments) {
        return new ToolCall(arguments.index(), null, null, new Function(null, arguments.fragment()));
    }
}
