package io.tributary.tokenizers.template;

/** A chat template is wrong, refuses what it is given, or goes over its limits. */
public final class ChatTemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final String problem;
    private final boolean raisedByTemplate;

    ChatTemplateException(int line, String problem) {
        this(line, problem, false);
    }

    ChatTemplateException(int line, TemplateFault fault) {
        this(line, fault.problem(), fault.raisedByTemplate());
    }

    private ChatTemplateException(int line, String problem, boolean raisedByTemplate) {
        super("line " + line + " of the chat template: " + problem);
        this.line = line;
        this.problem = problem;
        this.raisedByTemplate = raisedByTemplate;
    }

    /** The line of the template, from 1. */
    public int line() {
        return line;
    }

    /** What is wrong, without the place; for {@code raise_exception} the template's own words. */
    public String problem() {
        return problem;
    }

    /** Whether the template itself refused what it was given, with {@code raise_exception}. */
    public boolean raisedByTemplate() {
        return raisedByTemplate;
    }
}
