package io.tributary.cli.experts;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;

/**
 * Colours for the values from 0 to a largest one, in equal steps from light to dark: their order is the same for readers who
 * do not tell hues apart, and in print without colours.
 *
 * @param most the value of the darkest colour; above 0
 * @param colours light to dark
 */
record ColourScale(double most, List<Color> colours) {
    private static final int STEPS = 12;

    /** ColorBrewer's YlGnBu without its palest colours, which white ground would swallow. */
    private static final int[] YELLOW_TO_BLUE = {0xc7e9b4, 0x7fcdbb, 0x41b6c4, 0x1d91c0, 0x225ea8, 0x253494, 0x081d58};

    /** ColorBrewer's OrRd without its palest colours. */
    private static final int[] ORANGE_TO_RED = {0xfdd49e, 0xfdbb84, 0xfc8d59, 0xef6548, 0xd7301f, 0xb30000, 0x7f0000};

    /** A scale for weights. */
    static ColourScale ofWeights(double most) {
        return new ColourScale(most, steps(YELLOW_TO_BLUE));
    }

    /** A scale for pairs. */
    static ColourScale ofPairs(double most) {
        return new ColourScale(most, steps(ORANGE_TO_RED));
    }

    /** The step of a value of 0 to {@link #most}. */
    int step(double value) {
        return Math.clamp((int) (value / most * colours.size()), 0, colours.size() - 1);
    }

    /** Colours between those given, at equal distances. */
    private static List<Color> steps(int... stops) {
        List<Color> colours = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            double place = (double) step / (STEPS - 1) * (stops.length - 1);
            int stop = Math.min((int) place, stops.length - 2);
            colours.add(between(new Color(stops[stop]), new Color(stops[stop + 1]), place - stop));
        }
        return List.copyOf(colours);
    }

    private static Color between(Color light, Color dark, double part) {
        return new Color(
                between(light.getRed(), dark.getRed(), part),
                between(light.getGreen(), dark.getGreen(), part),
                between(light.getBlue(), dark.getBlue(), part));
    }

    private static int between(int from, int to, double part) {
        return (int) Math.round(from + (to - from) * part);
    }
}
