package io.tributary.cli.experts;

import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws one layer: which token had which experts, how the load is spread, and which experts were chosen together. */
final class LayerBand {
    private static final int LINE_HEIGHT = 12;

    private final ExpertUse use;
    private final PictureLayout layout;
    private final ColourScale weights;
    private final ColourScale pairs;
    private final double largestShare;

    LayerBand(ExpertUse use, PictureLayout layout, ColourScale weights, ColourScale pairs) {
        this.use = use;
        this.layout = layout;
        this.weights = weights;
        this.pairs = pairs;
        largestShare = use.layers().stream()
                .mapToDouble(layer -> layer.share(layer.busiest()))
                .max()
                .orElse(0);
    }

    void draw(Graphics2D graphics, int index) {
        LayerUse layer = use.layers().get(index);
        int top = layout.bandTop(index);
        drawLabels(graphics, layer, top);
        drawMap(graphics, layer, top);
        drawLoad(graphics, layer, top);
        if (layout.pairs()) {
            PairMap.draw(graphics, layer, layout, pairs, top);
        }
        drawNumbers(graphics, layer, top);
    }

    private void drawLabels(Graphics2D graphics, LayerUse layer, int top) {
        String name = "layer " + layer.load().layer();
        Ink.text(graphics, Ink.BOLD, Ink.TEXT, name, PictureLayout.MARGIN, top + 10);
        for (int expert = 0; expert < layer.experts(); expert += layout.labelledExperts()) {
            int baseline = top + expert * layout.cellHeight() + Math.min(9, layout.cellHeight() / 2 + 4);
            String label = Integer.toString(expert);
            Ink.textEndingAt(graphics, Ink.SMALL, Ink.FAINT_TEXT, label, layout.mapLeft() - 5, baseline);
        }
    }

    private void drawMap(Graphics2D graphics, LayerUse layer, int top) {
        graphics.setColor(Ink.GROUND);
        graphics.fillRect(layout.mapLeft(), top, layout.mapRight() - layout.mapLeft(), layout.bandHeight());
        int width = layout.cellWidth() - layout.cellGap(layout.cellWidth());
        int height = layout.cellHeight() - layout.cellGap(layout.cellHeight());
        CellMap cells = new CellMap(weights);
        for (int token = 0; token < layout.tokens(); token++) {
            int left = layout.mapLeft() + token * layout.cellWidth();
            for (int expert = 0; expert < layer.experts(); expert++) {
                cells.add(left, top + expert * layout.cellHeight(), width, height, layer.weight(token, expert));
            }
        }
        cells.draw(graphics);
    }

    private void drawLoad(Graphics2D graphics, LayerUse layer, int top) {
        if (layer.load().choices() == 0) {
            return;
        }
        int height = layout.cellHeight() - layout.cellGap(layout.cellHeight());
        graphics.setColor(Ink.BAR);
        for (int expert = 0; expert < layer.experts(); expert++) {
            int width = barWidth(layer.share(expert));
            graphics.fillRect(layout.loadLeft(), top + expert * layout.cellHeight(), width, height);
        }
        int even = layout.loadLeft() + barWidth(1.0 / layer.experts());
        graphics.setColor(Ink.LINE);
        graphics.setStroke(Ink.DASHED);
        graphics.drawLine(even, top, even, top + layout.bandHeight());
        graphics.setStroke(Ink.THIN);
        graphics.drawLine(layout.loadLeft(), top, layout.loadLeft(), top + layout.bandHeight());
    }

    private int barWidth(double share) {
        return (int) Math.round(share / largestShare * PictureLayout.LOAD_WIDTH);
    }

    private void drawNumbers(Graphics2D graphics, LayerUse layer, int top) {
        int baseline = top + 10;
        for (String line : numbers(layer)) {
            Ink.text(graphics, Ink.PLAIN, Ink.TEXT, line, layout.numbersLeft(), baseline);
            baseline += LINE_HEIGHT;
        }
    }

    private List<String> numbers(LayerUse layer) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "entropy %.2f of %.2f bits",
                layer.load().entropyBits(),
                Math.log(layer.experts()) / Math.log(2)));
        lines.add(String.format(Locale.ROOT, "imbalance %.2f", layer.load().imbalance()));
        lines.add(
                String.format(Locale.ROOT, "busiest %d: %.1f %%", layer.busiest(), 100 * layer.share(layer.busiest())));
        layer.mostFrequentPair()
                .ifPresent(pair -> lines.add(String.format(
                        Locale.ROOT,
                        "together %d and %d: %.1f %%",
                        pair.first(),
                        pair.second(),
                        100 * layer.togetherShare(pair.first(), pair.second()))));
        if (use.hasOverflow()) {
            lines.add("overflow " + layer.load().overflow());
        }
        return lines;
    }
}
