package io.tributary.gateway.openai;

/**
 * Numbers of tokens.
 *
 * @param promptTokens of the prompts, each counted once
 * @param completionTokens of all answers
 * @param totalTokens of both
 */
record Usage(int promptTokens, int completionTokens, int totalTokens) {
    static Usage of(int promptTokens, int completionTokens) {
        return new Usage(promptTokens, completionTokens, promptTokens + completionTokens);
    }
}
