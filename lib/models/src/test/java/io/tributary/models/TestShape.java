package io.tributary.models;

/** The dimensions of a decoder made for tests. */
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
        boolean tied) {

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
                tied);
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
                true);
    }

    /** The dimensions as fields of config.json, each followed by a comma. */
    String json() {
        return """
                "vocab_size": %d, "hidden_size": %d, "num_hidden_layers": %d, "num_attention_heads": %d,
                "num_key_value_heads": %d, "head_dim": %d, "intermediate_size": %d, "tie_word_embeddings": %b,
                """.formatted(vocabulary, width, layers, heads, keyValueHeads, headSize, hidden, tied);
    }
}
