package io.tributary.models.architecture;

/** How queries and keys are normalised before they are rotated. */
public sealed interface QueryKeyNormalization {

    /** Not at all. */
    record None() implements QueryKeyNormalization {}

    /** Each head by itself, all with the same weight [headSize], as in Qwen 3. */
    record EachHead(RmsNormalization norm) implements QueryKeyNormalization {}

    /** All heads of a position together, with a weight as wide as they are, as in OLMoE. */
    record WholeWidth(RmsNormalization norm) implements QueryKeyNormalization {}
}
