package io.tributary.models;

/** For which positions of a chunk the last stage computes logits. */
public enum LogitsRows {
    /** For none: the chunk is not the end of a prompt. */
    NONE,
    /** For the last one: the next token is to be sampled. */
    LAST,
    /** For each. */
    ALL;

    int count(int rows) {
        return switch (this) {
            case NONE -> 0;
            case LAST -> 1;
            case ALL -> rows;
        };
    }
}
