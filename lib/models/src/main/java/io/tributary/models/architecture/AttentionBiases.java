package io.tributary.models.architecture;

/** Which projections of an attention block have biases. */
public enum AttentionBiases {
    /** None, as in Llama. */
    NONE,
    /** Query, key and value, as in Qwen 2. */
    QUERY_KEY_VALUE,
    /** Query, key, value and output, as in Llama with {@code attention_bias}. */
    ALL;

    /** Whether query, key and value projections have biases. */
    public boolean onQueryKeyValue() {
        return this != NONE;
    }

    /** Whether the output projection has a bias. */
    public boolean onOutput() {
        return this == ALL;
    }
}
