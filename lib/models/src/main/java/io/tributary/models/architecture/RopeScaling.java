package io.tributary.models.architecture;

import java.util.List;

/** How rotary frequencies are stretched so that a model reaches further than it was first trained for. */
public sealed interface RopeScaling {

    /** Frequencies as the base gives them. */
    record None() implements RopeScaling {}

    /**
     * All frequencies divided by the factor (Chen et al.: "Extending context window of large language models via
     * positional interpolation", 2023).
     */
    record Linear(double factor) implements RopeScaling {}

    /** "NTK-aware": the base is multiplied by {@code factor^(d / (d - 2))} for d rotated dimensions. */
    record Ntk(double factor) implements RopeScaling {}

    /**
     * Dynamic NTK: as long as a sequence has at most {@code originalPositions} positions nothing changes; with L of them
     * the base is multiplied by {@code (factor · L / originalPositions - (factor - 1))^(d / (d - 2))}. L is what the
     * sequence declares when it is opened, not what it has reached, so that no chunking of it changes a bit: the result
     * is that of transformers for one pass over L positions.
     */
    record DynamicNtk(double factor, int originalPositions) implements RopeScaling {}

    /**
     * Llama 3.1: wavelengths above {@code originalPositions / lowFrequencyFactor} are stretched by the factor, those
     * below {@code originalPositions / highFrequencyFactor} are kept, those between are blended.
     */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalPositions)
            implements RopeScaling {}

    /**
     * Each frequency divided by its own number, as the tensor {@code rope_freqs.weight} of a GGUF file states.
     *
     * @param divisors as many as there are rotated pairs, all above 0
     */
    record Divisors(List<Double> divisors) implements RopeScaling {
        public Divisors {
            divisors = List.copyOf(divisors);
        }
    }
}
