package io.tributary.tokenizers.template;

/** What went wrong in a step of an evaluation; the step's node adds the line. */
final class TemplateFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final boolean raisedByTemplate;

    TemplateFault(String problem) {
        this(problem, false);
    }

    private TemplateFault(String problem, boolean raisedByTemplate) {
        super(problem, null, false, false);
        this.problem = problem;
        this.raisedByTemplate = raisedByTemplate;
    }

    static TemplateFault raised(String message) {
        return new TemplateFault(message, true);
    }

    String problem() {
        return problem;
    }

    boolean raisedByTemplate() {
        return raisedByTemplate;
    }
}
