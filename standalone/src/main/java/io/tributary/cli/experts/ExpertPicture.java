package io.tributary.cli.experts;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Draws what experts did: a band for each layer, under a heading with legends, with the tokens as common axis. It draws the
 * same on any ground.
 */
final class ExpertPicture {
    private static final int TITLE_BASELINE = 32;
    private static final int SUBTITLE_BASELINE = 50;
    private static final int LEGEND_TOP = 66;
    private static final int PAIR_LEGEND_LEFT = 300;

    private final ExpertUse use;
    private final PictureLayout layout;
    private final ColourScale weights;
    private final ColourScale pairs;

    ExpertPicture(ExpertUse use) {
        this.use = use;
        layout = PictureLayout.of(use);
        weights = ColourScale.ofWeights(orOne(largestWeight(use)));
        pairs = ColourScale.ofPairs(orOne(PairMap.largest(use, layout)));
    }

    /** What says how large the picture is. */
    PictureLayout layout() {
        return layout;
    }

    /** Of the picture, in words. */
    String title() {
        return "Experts of " + use.model();
    }

    void draw(Graphics2D graphics) {
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, layout.width(), layout.height());
        drawHeading(graphics);
        drawColumnTitles(graphics);
        LayerBand band = new LayerBand(use, layout, weights, pairs);
        for (int index = 0; index < layout.bands(); index++) {
            band.draw(graphics, index);
        }
        drawTokens(graphics);
    }

    private static double largestWeight(ExpertUse use) {
        return use.layers().stream()
                .flatMapToDouble(layer -> IntStream.range(0, use.tokens().size())
                        .boxed()
                        .flatMapToDouble(
                                token -> layer.chosen(token).mapToDouble(expert -> layer.weight(token, expert))))
                .max()
                .orElse(0);
    }

    /** Where nothing was chosen, the scale has nothing to show but needs an end. */
    private static double orOne(double most) {
        return most > 0 ? most : 1;
    }

    private void drawHeading(Graphics2D graphics) {
        int left = PictureLayout.MARGIN;
        Ink.text(graphics, Ink.TITLE, Ink.TEXT, title(), left, TITLE_BASELINE);
        Ink.text(graphics, Ink.PLAIN, Ink.FAINT_TEXT, subtitle(), left, SUBTITLE_BASELINE);
        Legend.draw(
                graphics, weights, "weight of an expert's output; grey: not chosen", Legend.NUMBER, left, LEGEND_TOP);
        if (layout.pairs()) {
            String together = layout.pairGroup() == 1
                    ? "tokens that chose both experts of a pair"
                    : "tokens that chose both experts, mean of the pairs of %1$d \u00d7 %1$d experts"
                            .formatted(layout.pairGroup());
            Legend.draw(graphics, pairs, together, Legend.PERCENT, left + PAIR_LEGEND_LEFT, LEGEND_TOP);
        }
    }

    private String subtitle() {
        int generated = use.tokens().size() - use.promptTokens();
        return "%d layers with %d experts; %d tokens: %d of the prompt, %d generated"
                .formatted(use.layers().size(), use.experts(), use.tokens().size(), use.promptTokens(), generated);
    }

    private void drawColumnTitles(Graphics2D graphics) {
        int baseline = layout.bandsTop() - 8;
        Ink.textEndingAt(graphics, Ink.SMALL, Ink.FAINT_TEXT, "expert", layout.mapLeft() - 5, baseline);
        titleOfColumn(graphics, layout.loadLeft(), baseline, "share of load", "dashed: even");
        if (layout.pairs()) {
            titleOfColumn(graphics, layout.pairsLeft(), baseline, "chosen", "together");
        }
    }

    private static void titleOfColumn(Graphics2D graphics, int left, int baseline, String first, String second) {
        Ink.text(graphics, Ink.SMALL, Ink.FAINT_TEXT, first, left, baseline - 11);
        Ink.text(graphics, Ink.SMALL, Ink.FAINT_TEXT, second, left, baseline);
    }

    private void drawTokens(Graphics2D graphics) {
        List<UsedToken> tokens = use.tokens();
        for (int token = 0; token < tokens.size(); token += layout.labelledTokens()) {
            boolean prompt = token < use.promptTokens();
            drawToken(
                    graphics,
                    tokens.get(token).label(),
                    prompt ? Ink.SMALL : Ink.SMALL_BOLD,
                    prompt ? Ink.TEXT : Ink.GENERATED,
                    layout.mapLeft() + token * layout.cellWidth() + layout.cellWidth() / 2 + 3);
        }
        if (use.promptTokens() < tokens.size()) {
            drawBorder(graphics, layout.mapLeft() + use.promptTokens() * layout.cellWidth());
        }
    }

    private void drawToken(Graphics2D graphics, String label, Font font, Color colour, int baseline) {
        int width = graphics.getFontMetrics(font).stringWidth(label);
        Ink.textUpwards(graphics, font, colour, label, baseline, layout.bandsBottom() + 6 + width);
        if (layout.labelsAbove()) {
            Ink.textUpwards(graphics, font, colour, label, baseline, layout.bandsTop() - 6);
        }
    }

    /** Between prompt and continuation. */
    private void drawBorder(Graphics2D graphics, int at) {
        int top = layout.bandsTop() - (layout.labelsAbove() ? PictureLayout.TOKEN_LABELS : 6);
        graphics.setColor(Ink.GENERATED);
        graphics.setStroke(Ink.DASHED);
        graphics.drawLine(at, top, at, layout.bandsBottom());
        graphics.setStroke(Ink.THIN);
        Ink.text(graphics, Ink.SMALL_BOLD, Ink.GENERATED, "generated", at, top - 4);
    }
}
