package io.tributary.gateway.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Continuations of texts, or in a stream a part of one.
 *
 * @param object `text_completion`
 * @param usage of the whole; in a stream only in its last event, if it was asked for
 */
record TextCompletion(
        String id,
        String object,
        long created,
        String model,
        String systemFingerprint,
        List<Choice> choices,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Usage usage) {

    static TextCompletion of(ResponseHead head, List<Choice> choices, @Nullable Usage usage) {
        return new TextCompletion(
                head.id(), "text_completion", head.created(), head.model(), head.systemFingerprint(), choices, usage);
    }

    /** One continuation, or in a stream what is new of it. */
    record Choice(
            int index,
            String text,
            @Nullable TextLogprobs logprobs,
            @Nullable String finishReason) {}

    /** A continuation that is put together from its deltas, as a whole or part by part. For one thread at a time. */
    static final class Assembly {
        private final int index;
        private final StringBuilder text = new StringBuilder();
        private final List<TokenLogprob> logprobs = new ArrayList<>();
        private int offset;
        private @Nullable String finishReason;

        /** @param echo what the text begins with */
        Assembly(int index, String echo) {
            this.index = index;
            text.append(echo);
            offset = echo.length();
        }

        void add(Delta delta) {
            switch (delta) {
                case Delta.Text more -> {
                    text.append(more.text());
                    logprobs.addAll(more.logprobs());
                }
                case Delta.End end -> finishReason = end.finishReason();
                case Delta.Begin _, Delta.Call _, Delta.Arguments _ -> {}
            }
        }

        /** Whether there is something that was not told yet. */
        boolean anyNews() {
            return !text.isEmpty() || !logprobs.isEmpty() || finishReason != null;
        }

        /** What came since this was last asked. */
        Choice take() {
            Choice choice = new Choice(
                    index,
                    text.toString(),
                    logprobs.isEmpty() ? null : TextLogprobs.of(logprobs, offset),
                    finishReason);
            offset +=
                    logprobs.stream().mapToInt(token -> token.token().length()).sum();
            text.setLength(0);
            logprobs.clear();
            finishReason = null;
            return choice;
        }
    }
}
