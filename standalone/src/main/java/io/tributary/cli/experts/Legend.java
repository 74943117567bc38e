package io.tributary.cli.experts;

import java.awt.Graphics2D;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** What the colours of a scale mean. */
final class Legend {
    static final DoubleFunction<String> NUMBER = value -> String.format(Locale.ROOT, "%.2g", value);
    static final DoubleFunction<String> PERCENT = value -> String.format(Locale.ROOT, "%.1f %%", 100 * value);

    private static final int STEP_WIDTH = 14;
    private static final int HEIGHT = 10;

    private Legend() {}

    /**
     * Draws a row of the colours, with a caption above and numbers below.
     *
     * @param top of the caption
     */
    static void draw(
            Graphics2D graphics, ColourScale scale, String caption, DoubleFunction<String> number, int left, int top) {
        Ink.text(graphics, Ink.SMALL, Ink.FAINT_TEXT, caption, left, top + 8);
        int steps = scale.colours().size();
        for (int step = 0; step < steps; step++) {
            graphics.setColor(scale.colours().get(step));
            graphics.fillRect(left + step * STEP_WIDTH, top + 13, STEP_WIDTH, HEIGHT);
        }
        int baseline = top + 13 + HEIGHT + 10;
        Ink.text(graphics, Ink.SMALL, Ink.TEXT, "0", left, baseline);
        int right = left + steps * STEP_WIDTH;
        Ink.textEndingAt(graphics, Ink.SMALL, Ink.TEXT, number.apply(scale.most()), right, baseline);
        String half = number.apply(scale.most() / 2);
        int center = (left + right + graphics.getFontMetrics(Ink.SMALL).stringWidth(half)) / 2;
        Ink.textEndingAt(graphics, Ink.SMALL, Ink.TEXT, half, center, baseline);
    }
}
