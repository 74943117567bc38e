package io.tributary.tokenizers.template;

/** Counts what one evaluation costs and stops it at its limits. */
final class Meter {
    private static final int CHARACTERS_PER_STEP = 8;

    private final TemplateLimits limits;
    private long steps;
    private int depth;

    Meter(TemplateLimits limits) {
        this.limits = limits;
    }

    void spend(long cost) {
        steps += cost;
        if (steps > limits.maximalSteps()) {
            throw TemplateFault.overLimit("the template takes more than " + limits.maximalSteps() + " steps");
        }
    }

    /** To be called before that many characters are made. */
    void produce(long characters) {
        checkLength(characters);
        spend(characters / CHARACTERS_PER_STEP);
    }

    /** Refuses a text of that many characters if it is too long. */
    void checkLength(long characters) {
        if (characters > limits.maximalCharacters()) {
            throw TemplateFault.overLimit("a text would have more than the " + limits.maximalCharacters()
                    + " characters that a template may make");
        }
    }

    void enter() {
        spend(1);
        if (depth == TemplateLimits.MAXIMAL_EVALUATION_DEPTH) {
            throw TemplateFault.overLimit(
                    "the evaluation is nested deeper than " + TemplateLimits.MAXIMAL_EVALUATION_DEPTH + " levels");
        }
        depth++;
    }

    void leave() {
        depth--;
    }
}
