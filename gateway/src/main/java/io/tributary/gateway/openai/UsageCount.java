package io.tributary.gateway.openai;

/** Counts the tokens of a request's answers. A prompt that has several answers counts once. For one thread at a time. */
final class UsageCount {
    private final int answersToAPrompt;
    private int promptTokens;
    private int completionTokens;

    UsageCount(int answersToAPrompt) {
        this.answersToAPrompt = answersToAPrompt;
    }

    /** @param choice whose delta it is */
    void add(int choice, Delta delta) {
        switch (delta) {
            case Delta.Begin begin -> promptTokens += choice % answersToAPrompt == 0 ? begin.promptTokens() : 0;
            case Delta.End end -> completionTokens += end.generatedTokens();
            case Delta.Text _, Delta.Call _, Delta.Arguments _ -> {}
        }
    }

    Usage total() {
        return Usage.of(promptTokens, completionTokens);
    }
}
