package io.tributary.gateway.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event of a streamed answer to a chat.
 *
 * @param object `chat.completion.chunk`
 * @param choices one, or none in the event that tells the usage
 * @param usage in the last event, if it was asked for
 */
record ChatChunk(
        String id,
        String object,
        long created,
        String model,
        String systemFingerprint,
        List<Choice> choices,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Usage usage) {
    private static final String OBJECT = "chat.completion.chunk";

    /** What is new in one of the answers. */
    record Choice(
            int index,
            Part delta,
            @Nullable ChatLogprobs logprobs,
            @Nullable String finishReason) {}

    /** A part of a message. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Part(
            @Nullable String role,
            @Nullable String content,
            @Nullable List<ToolCall> toolCalls) {
        private static final Part NOTHING = new Part(null, null, null);
    }

    /** The event that tells a delta of one of the answers. */
    static ChatChunk of(ResponseHead head, int index, Delta delta) {
        return of(head, List.of(choice(index, delta)), null);
    }

    /** The event that tells the usage. */
    static ChatChunk of(ResponseHead head, Usage usage) {
        return of(head, List.of(), usage);
    }

    private static ChatChunk of(ResponseHead head, List<Choice> choices, @Nullable Usage usage) {
        return new ChatChunk(head.id(), OBJECT, head.created(), head.model(), head.systemFingerprint(), choices, usage);
    }

    private static Choice choice(int index, Delta delta) {
        return switch (delta) {
            case Delta.Begin _ -> new Choice(index, new Part("assistant", "", null), null, null);
            case Delta.Text text ->
                new Choice(index, new Part(null, text.text(), null), ChatLogprobs.of(text.logprobs()), null);
            case Delta.Call call -> new Choice(index, new Part(null, null, List.of(ToolCall.first(call))), null, null);
            case Delta.Arguments arguments ->
                new Choice(index, new Part(null, null, List.of(ToolCall.more(arguments))), null, null);
            case Delta.End end -> new Choice(index, Part.NOTHING, null, end.finishReason());
        };
    }
}
