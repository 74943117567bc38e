package io.tributary.gateway.openai;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A checked request for embeddings.
 *
 * @param model the model that is asked, if the client said
 * @param inputs texts or ids, in order
 * @param base64 whether the numbers are written as base64 of float32, little endian
 * @param dimensions how many numbers of each embedding are wanted, if not all
 */
record EmbeddingRequest(Optional<String> model, List<Prompt> inputs, boolean base64, OptionalInt dimensions) {
    private static final int MOST_INPUTS = 256;

    static EmbeddingRequest of(Fields body) {
        List<Prompt> inputs = Prompt.several(body, "input");
        if (inputs.isEmpty() || inputs.size() > MOST_INPUTS) {
            throw body.bad("input", "has %d texts; 1 to %d are allowed".formatted(inputs.size(), MOST_INPUTS));
        }
        String format = body.text("encoding_format").orElse("float");
        if (!format.equals("float") && !format.equals("base64")) {
            throw body.bad("encoding_format", "is \"%s\"; float and base64 are known".formatted(format));
        }
        return new EmbeddingRequest(
                body.text("model"), inputs, format.equals("base64"), body.whole("dimensions", 1, Integer.MAX_VALUE));
    }
}
