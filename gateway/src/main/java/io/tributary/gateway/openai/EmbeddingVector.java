package io.tributary.gateway.openai;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;

/**
 * One embedding.
 *
 * @param values a vector of length 1
 */
record EmbeddingVector(List<Float> values) {
    /**
     * The whole of a vector, or its first dimensions made to a vector of length 1 again.
     *
     * @throws OpenAiException status 400 if it has fewer dimensions than were asked for
     */
    static EmbeddingVector of(List<Float> values, OptionalInt dimensions) {
        if (dimensions.isEmpty() || dimensions.getAsInt() == values.size()) {
            return new EmbeddingVector(values);
        }
        if (dimensions.getAsInt() > values.size()) {
            throw OpenAiException.field(
                    "dimensions",
                    "is %d; embeddings of this model have %d".formatted(dimensions.getAsInt(), values.size()));
        }
        return new EmbeddingVector(normalised(values.subList(0, dimensions.getAsInt())));
    }

    private static List<Float> normalised(List<Float> values) {
        double squares =
                values.stream().mapToDouble(value -> (double) value * value).sum();
        double length = squares == 0 ? 1 : Math.sqrt(squares);
        return values.stream().map(value -> (float) (value / length)).toList();
    }

    /** The numbers as float32, little endian. */
    String base64() {
        ByteBuffer bytes = ByteBuffer.allocate(values.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        values.forEach(bytes::putFloat);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
