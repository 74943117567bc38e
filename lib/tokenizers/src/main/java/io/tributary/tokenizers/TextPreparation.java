package io.tributary.tokenizers;

/** What is done to a text before its pieces are looked for, over and above what the engine is told to do. */
@FunctionalInterface
interface TextPreparation {
    /** Nothing is done. */
    TextPreparation NONE = text -> text;

    String apply(String text);
}
