package io.tributary.models.architecture;

import io.tributary.kernels.RopePairing;

/**
 * Rotary position embedding (Su et al.: "RoFormer", 2021): pair j of a head is rotated by the angle
 * {@code position · frequency(j)}, where {@code frequency(j) = base^(-2j / dimensions)} before scaling.
 *
 * @param dimensions rotated elements of a head, even; the others are left alone
 * @param base above 1
 * @param pairing which elements make a pair
 * @param scaling how frequencies are stretched
 */
public record RotaryPosition(int dimensions, double base, RopePairing pairing, RopeScaling scaling) {

    /** Number of rotated pairs. */
    public int pairs() {
        return dimensions / 2;
    }

    /** Whether the frequencies depend on how many positions a sequence declares. */
    public boolean dependsOnDeclaredPositions() {
        return scaling instanceof RopeScaling.DynamicNtk;
    }

    /**
     * The angle per position of each pair [dimensions / 2].
     *
     * @param declaredPositions positions that the sequence may reach
     */
    public double[] frequencies(int declaredPositions) {
        return switch (scaling) {
            case RopeScaling.None none -> frequenciesOf(base);
            case RopeScaling.Linear linear -> divided(frequenciesOf(base), linear.factor());
            case RopeScaling.Ntk ntk -> frequenciesOf(raised(ntk.factor()));
            case RopeScaling.DynamicNtk dynamic -> frequenciesOf(raised(stretch(dynamic, declaredPositions)));
            case RopeScaling.Llama3 llama3 -> blended(frequenciesOf(base), llama3);
            case RopeScaling.Divisors each -> divided(frequenciesOf(base), each);
        };
    }

    private double[] frequenciesOf(double effectiveBase) {
        double[] frequencies = new double[pairs()];
        for (int pair = 0; pair < frequencies.length; pair++) {
            frequencies[pair] = 1 / StrictMath.pow(effectiveBase, 2.0 * pair / dimensions);
        }
        return frequencies;
    }

    private double raised(double factor) {
        return base * StrictMath.pow(factor, dimensions / (dimensions - 2.0));
    }

    private static double stretch(RopeScaling.DynamicNtk dynamic, int declaredPositions) {
        if (declaredPositions <= dynamic.originalPositions()) {
            return 1;
        }
        return dynamic.factor() * declaredPositions / dynamic.originalPositions() - (dynamic.factor() - 1);
    }

    private static double[] divided(double[] frequencies, double divisor) {
        for (int pair = 0; pair < frequencies.length; pair++) {
            frequencies[pair] /= divisor;
        }
        return frequencies;
    }

    private static double[] divided(double[] frequencies, RopeScaling.Divisors each) {
        for (int pair = 0; pair < frequencies.length; pair++) {
            frequencies[pair] /= each.divisors().get(pair);
        }
        return frequencies;
    }

    private static double[] blended(double[] frequencies, RopeScaling.Llama3 llama3) {
        double low = llama3.lowFrequencyFactor();
        double high = llama3.highFrequencyFactor();
        for (int pair = 0; pair < frequencies.length; pair++) {
            double turns = llama3.originalPositions() * frequencies[pair] / (2 * Math.PI);
            double share = Math.clamp((turns - low) / (high - low), 0, 1);
            frequencies[pair] = (1 - share) * frequencies[pair] / llama3.factor() + share * frequencies[pair];
        }
        return frequencies;
    }
}
