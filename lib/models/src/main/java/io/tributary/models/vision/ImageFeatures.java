package io.tributary.models.vision;

import java.util.List;

/**
 * What an encoder makes of an image.
 *
 * @param pooled the class token behind the last norm [width]
 * @param hiddenStates what went into the first layer and came out of each, [positions, width] row-major with the class token
 *     first and then the patches row by row; not normalised behind the last layer. Empty unless asked for
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, and compared by nobody.
public record ImageFeatures(float[] pooled, List<float[]> hiddenStates) {}
