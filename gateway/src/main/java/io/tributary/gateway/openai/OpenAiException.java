package io.tributary.gateway.openai;

/** A request that is refused before any service hears of it. */
final class OpenAiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient OpenAiError error;

    OpenAiException(OpenAiError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    /**
     * Status 400 that names a field.
     *
     * @param param path of the field, as in `messages[0].role`
     * @param problem what is wrong and what would be right, as the rest of a sentence that begins with the field
     */
    static OpenAiException field(String param, String problem) {
        return new OpenAiException(OpenAiError.invalidField(param, param + " " + problem, null));
    }

    OpenAiError error() {
        return error;
    }
}
