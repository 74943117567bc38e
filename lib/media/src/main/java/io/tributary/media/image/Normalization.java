package io.tributary.media.image;

import java.util.List;

/**
 * From 8-bit samples to what a model was trained on: {@code (sample * scale - mean) / deviation} for each channel.
 *
 * @param scale 1/255 usually; applied in double precision and rounded to a float, as NumPy does
 * @param means of red, green and blue, used as floats
 * @param deviations of red, green and blue, used as floats, none of which may be 0
 */
public record Normalization(double scale, List<Double> means, List<Double> deviations) {
    /** What CLIP was trained on. */
    public static final Normalization CLIP = new Normalization(
            1 / 255.0, List.of(0.48145466, 0.4578275, 0.40821073), List.of(0.26862954, 0.26130258, 0.27577711));

    /** What ViT was trained on: from -1 to 1. */
    public static final Normalization SYMMETRIC =
            new Normalization(1 / 255.0, List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5));

    /** Checks the number of channels. */
    public Normalization {
        if (means.size() != Picture.CHANNELS || deviations.size() != Picture.CHANNELS) {
            throw new IllegalArgumentException(
                    "three means and three deviations are needed, not " + means.size() + " and " + deviations.size());
        }
        means = List.copyOf(means);
        deviations = List.copyOf(deviations);
    }

    /** The value of each of the 256 samples of a channel. */
    float[] table(int channel) {
        float mean = means.get(channel).floatValue();
        float deviation = deviations.get(channel).floatValue();
        float[] table = new float[256];
        for (int sample = 0; sample < table.length; sample++) {
            table[sample] = ((float) (sample * scale) - mean) / deviation;
        }
        return table;
    }
}
