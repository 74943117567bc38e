package io.tributary.kernels;

/** Which two elements of a head a rotary position rotates together. */
public enum RopePairing {
    /** Element i of the first half with element i of the second half (Hugging Face, GPT-NeoX). */
    HALF_SPLIT,
    /** Element 2i with element 2i + 1 (the original paper, GGUF files of Llama). */
    INTERLEAVED
}
