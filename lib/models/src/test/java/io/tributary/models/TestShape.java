package io.tributary.models;

import java.util.Optional;

/**
 * The dimensions of a decoder made for tests.
 *
 * @param mixture what some or all layers have instead of one feed-forward network
 */
record TestShape(
        int vocabulary,
        int width,
        int layers,
        int heads,
        int keyValueHeads,
        int headSize,
        int hidden,
        boolean queryKeyValueBias,
        boolean outputBias,
        boolean feedForwardBias,
        boolean tied,
        Optional<TestMixture> mixture) {

    TestShape(
            int vocabulary,
            int width,
            int layers,
            int heads,
            int keyValueHeads,
            int headSize,
            int hidden,
            boolean queryKeyValueBias,
            boolean outputBias,
            boolean feedForwardBias,
            boolean tied) {
        this(
                vocabulary,
                width,
                layers,
                heads,
                keyValueHeads,
                headSize,
                hidden,
                queryKeyValueBias,
                outputBias,
                feedForwardBias,
                tied,
                Optional.empty());
    }

    static TestShape plain(int width, int heads, int keyValueHeads, int headSize, int hidden) {
        return new TestShape(131, width, 3, heads, keyValueHeads, headSize, hidden, false, false, false, false);
    }

    TestShape withBiases(boolean queryKeyValue, boolean output, boolean feedForward) {
        return new TestShape(
                vocabulary,
                width,
                layers,
                heads,
                keyValueHeads,
                headSize,
                hidden,
                queryKeyValue,
                output,
                feedForward,
                tied,
                mixture);
    }

    TestShape withTiedUnembedding() {
        return new TestShape(
                vocabulary,
                width,
                layers,
                heads,
                keyValueHeads,
                headSize,
                hidden,
                queryKeyValueBias,
                outputBias,
                feedForwardBias,
                true,
                mixture);
    }

    TestShape withMixture(TestMixture experts) {
        return new TestShape(
                vocabulary,
                width,
                layers,
                heads,
                keyValueHeads,
                headSize,
                hidden,
                queryKeyValueBias,
                outputBias,
                feedForwardBias,
                tied,
                Optional.of(experts));
    }

    /** The dimensions as fields of config.json, each followed by a comma. */
    String json() {
        return """
                "vocab_size": %d, "hidden_size": %d, "num_hidden_layers": %d, "num_attention_heads": %d,
                "num_key_value_heads": %d, "head_dim": %d, "intermediate_size": %d, "tie_word_embeddings": %b,
                """.formatted(vocabulary, width, layers, heads, keyValueHeads, headSize, hidden, tied);
    }
}
