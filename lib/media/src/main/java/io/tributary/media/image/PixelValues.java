package io.tributary.media.image;

/**
 * What a model of vision reads.
 *
 * @param width columns
 * @param height rows
 * @param values [3, height, width], row-major: red, green and blue, each a plane of its own
 */
@SuppressWarnings("ArrayRecordComponent") // Values are handed on, and nobody compares them.
public record PixelValues(int width, int height, float[] values) {}
