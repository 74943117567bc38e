package io.tributary.gateway.openai;

import java.util.List;

/** What is new in an answer. */
sealed interface Delta {
    /** The answer begins. */
    record Begin(int promptTokens) implements Delta {}

    /** More of its text, which may be empty if only the tokens are news. */
    record Text(String text, List<TokenLogprob> logprobs) implements Delta {}

    /**
     * A tool is called.
     *
     * @param index of the call in the answer, from 0
     * @param id that the tool's result refers to
     * @param name of the tool
     */
    record Call(int index, String id, String name) implements Delta {}

    /** More of the JSON text that a call's arguments are. */
    record Arguments(int index, String fragment) implements Delta {}

    /** The answer ends: `stop`, `length` or `tool_calls`. */
    record End(String finishReason, int generatedTokens) implements Delta {}
}
