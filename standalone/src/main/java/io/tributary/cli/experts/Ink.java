package io.tributary.cli.experts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;

/** Colours, lines and type of a picture. */
final class Ink {
    static final Color TEXT = new Color(0x222222);
    static final Color FAINT_TEXT = new Color(0x666666);
    static final Color GENERATED = new Color(0x08519c);
    static final Color GROUND = new Color(0xf3f3f3);
    static final Color BAR = new Color(0x8a8f98);
    static final Color LINE = new Color(0x333333);

    static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 16);
    static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
    static final Font BOLD = new Font(Font.SANS_SERIF, Font.BOLD, 11);
    static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 9);
    static final Font SMALL_BOLD = new Font(Font.SANS_SERIF, Font.BOLD, 9);

    static final BasicStroke THIN = new BasicStroke(1);
    static final BasicStroke DASHED =
            new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {3, 3}, 0);

    private Ink() {}

    static void text(Graphics2D graphics, Font font, Color colour, String text, int left, int baseline) {
        graphics.setFont(font);
        graphics.setColor(colour);
        graphics.drawString(text, left, baseline);
    }

    static void textEndingAt(Graphics2D graphics, Font font, Color colour, String text, int right, int baseline) {
        text(graphics, font, colour, text, right - graphics.getFontMetrics(font).stringWidth(text), baseline);
    }

    /** Text that is read from below to above, beginning at a point. */
    static void textUpwards(Graphics2D graphics, Font font, Color colour, String text, int baseline, int bottom) {
        AffineTransform before = graphics.getTransform();
        graphics.translate(baseline, bottom);
        graphics.rotate(-Math.PI / 2);
        text(graphics, font, colour, text, 0, 0);
        graphics.setTransform(before);
    }
}
