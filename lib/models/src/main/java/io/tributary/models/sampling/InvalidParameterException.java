package io.tributary.models.sampling;

/** A sampling parameter is outside its range. */
public final class InvalidParameterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String value;
    private final String allowed;

    /**
     * @param field the parameter's name in the public contract, for example {@code top_p}
     * @param value what was given
     * @param allowed the range that would be right, in words
     */
    public InvalidParameterException(String field, String value, String allowed) {
        super(field + " is " + value + " but must be " + allowed);
        this.field = field;
        this.value = value;
        this.allowed = allowed;
    }

    /** Refuses a value for which the condition does not hold. */
    static void unless(boolean holds, String field, Number value, String allowed) {
        if (!holds) {
            throw new InvalidParameterException(field, value.toString(), allowed);
        }
    }

    public String field() {
        return field;
    }

    public String value() {
        return value;
    }

    public String allowed() {
        return allowed;
    }
}
