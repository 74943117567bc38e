package io.tributary.media.image;

/**
 * What of a line is kept when its middle is cut out, in the rounding of the transformers library's center_crop.
 *
 * @param from first pixel of the line that is kept
 * @param length how many are kept
 * @param margin how many empty pixels come before them, when the line is shorter than the cut
 */
record Span(int from, int length, int margin) {
    static Span ofMiddle(int line, int cut) {
        return cut <= line ? new Span((line - cut) / 2, cut, 0) : new Span(0, line, Math.ceilDiv(cut - line, 2));
    }
}
