package io.tributary.tokenizers.template;

import io.tributary.tokenizers.template.ChatTemplateException.Reason;

/** What went wrong in a step of an evaluation; the step's node adds the line. */
final class TemplateFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final Reason reason;

    TemplateFault(String problem) {
        this(problem, Reason.FAULT);
    }

    private TemplateFault(String problem, Reason reason) {
        super(problem, null, false, false);
        this.problem = problem;
        this.reason = reason;
    }

    static TemplateFault raised(String message) {
        return new TemplateFault(message, Reason.RAISED);
    }

    static TemplateFault overLimit(String problem) {
        return new TemplateFault(problem, Reason.LIMIT);
    }

    String problem() {
        return problem;
    }

    Reason reason() {
        return reason;
    }
}
