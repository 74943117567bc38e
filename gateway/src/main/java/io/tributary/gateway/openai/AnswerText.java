package io.tributary.gateway.openai;

import java.util.List;

/** Reads what a model writes: text, or calls of tools within it. For one answer. */
interface AnswerText {
    /** Takes more text, and says what became certain with it. */
    List<Delta> accept(String text);

    /** The text has ended: what was held back becomes what it can be. */
    List<Delta> end();

    /** Whether a tool was called. */
    boolean calls();

    /** Text in which no tool can be called. */
    static AnswerText plain() {
        return new AnswerText() {
            @Override
            public List<Delta> accept(String text) {
                return text.isEmpty() ? List.of() : List.of(new Delta.Text(text, List.of()));
            }

            @Override
            public List<Delta> end() {
                return List.of();
            }

            @Override
            public boolean calls() {
                return false;
            }
        };
    }
}
