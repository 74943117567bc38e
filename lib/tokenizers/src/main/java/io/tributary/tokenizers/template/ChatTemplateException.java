package io.tributary.tokenizers.template;

/** A chat template is wrong, refuses what it is given, or goes over its limits. */
public final class ChatTemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final String problem;
    private final Reason reason;

    /** Why a template gives no text. */
    public enum Reason {
        /** It refused what it was given, with {@code raise_exception}. */
        RAISED,
        /** It went over one of the {@link TemplateLimits}. */
        LIMIT,
        /** It is no template, or it does something that cannot be done with what it was given. */
        FAULT
    }

    ChatTemplateException(int line, String problem) {
        this(line, problem, Reason.FAULT);
    }

    ChatTemplateException(int line, TemplateFault fault) {
        this(line, fault.problem(), fault.reason());
    }

    private ChatTemplateException(int line, String problem, Reason reason) {
        super("line " + line + " of the chat template: " + problem);
        this.line = line;
        this.problem = problem;
        this.reason = reason;
    }

    /** The line of the template, from 1. */
    public int line() {
        return line;
    }

    /** What is wrong, without the place; for {@code raise_exception} the template's own words. */
    public String problem() {
        return problem;
    }

    /** Why there is no text. */
    public Reason reason() {
        return reason;
    }
}
