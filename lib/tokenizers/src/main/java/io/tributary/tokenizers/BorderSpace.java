package io.tributary.tokenizers;

/** What decoding does to a space at a border of the whole text, which encoding put there. */
enum BorderSpace {
    /** Nothing. */
    KEPT,
    /** One space at the very start is left out. */
    FIRST_DROPPED,
    /** One space at the very end is left out. */
    LAST_DROPPED
}
