package io.tributary.models.architecture;

/** A field of the configuration has a value that no model can have. */
public final class InvalidArchitectureException extends ArchitectureException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * @param field the field as the checkpoint names it
     * @param value what it holds
     * @param allowed what it may hold, in words
     */
    public InvalidArchitectureException(String field, String value, String allowed) {
        super(field + " is " + value + " but must be " + allowed);
        this.field = field;
    }

    /** The field as the checkpoint names it. */
    public String field() {
        return field;
    }
}
