package io.tributary.gateway.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answers to a chat.
 *
 * @param object `chat.completion`
 */
record ChatCompletion(
        String id,
        String object,
        long created,
        String model,
        String systemFingerprint,
        List<Choice> choices,
        Usage usage) {

    static ChatCompletion of(ResponseHead head, List<Choice> choices, Usage usage) {
        return new ChatCompletion(
                head.id(), "chat.completion", head.created(), head.model(), head.systemFingerprint(), choices, usage);
    }

    /** One answer. */
    record Choice(int index, Message message, @Nullable ChatLogprobs logprobs, String finishReason) {}

    /**
     * What the model says.
     *
     * @param content null if it only calls tools
     * @param refusal models of this mesh have no text of another kind
     */
    record Message(
            String role,
            @Nullable String content,
            @Nullable String refusal,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            List<ToolCall> toolCalls) {}

    /** An answer that is put together from its deltas. For one thread at a time. */
    static final class Assembly {
        private final int index;
        private final StringBuilder content = new StringBuilder();
        private final List<TokenLogprob> logprobs = new ArrayList<>();
        private final List<Delta.Call> calls = new ArrayList<>();
        private final List<StringBuilder> arguments = new ArrayList<>();
        private String finishReason = "";

        Assembly(int index) {
            this.index = index;
        }

        void add(Delta delta) {
            switch (delta) {
                case Delta.Begin _ -> {}
                case Delta.Text text -> {
                    content.append(text.text());
                    logprobs.addAll(text.logprobs());
                }
                case Delta.Call call -> {
                    calls.add(call);
                    arguments.add(new StringBuilder());
                }
                case Delta.Arguments more -> arguments.get(more.index()).append(more.fragment());
                case Delta.End end -> finishReason = end.finishReason();
            }
        }

        Choice choice() {
            boolean onlyCalls = !calls.isEmpty() && content.isEmpty();
            Message message = new Message(
                    "assistant", onlyCalls ? null : content.toString(), null, calls.isEmpty() ? null : toolCalls());
            return new Choice(index, message, ChatLogprobs.of(List.copyOf(logprobs)), finishReason);
        }

        private List<ToolCall> toolCalls() {
            return calls.stream()
                    .map(call -> ToolCall.whole(
                            call.id(), call.name(), arguments.get(call.index()).toString()))
                    .toList();
        }
    }
}
