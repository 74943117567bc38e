package io.tributary.models.architecture;

/** The configuration asks for something well-formed that this release does not compute. */
public final class UnsupportedArchitectureException extends ArchitectureException {
    private static final long serialVersionUID = 1L;

    /**
     * @param asked what the configuration asks for, for example {@code the architecture FooForCausalLM}
     * @param supported what would be served instead
     */
    public UnsupportedArchitectureException(String asked, String supported) {
        super(asked + " is not supported; supported: " + supported);
    }
}
