package io.tributary.cli.experts;

import java.awt.Graphics2D;

/**
 * Draws how often experts of a layer were chosen together: row and column are experts, in groups where there are many, and
 * the half below the diagonal says all.
 */
final class PairMap {
    private PairMap() {}

    static void draw(Graphics2D graphics, LayerUse layer, PictureLayout layout, ColourScale scale, int top) {
        int group = layout.pairGroup();
        int extent = group * layout.cellHeight();
        int cell = extent - layout.cellGap(extent);
        graphics.setColor(Ink.GROUND);
        CellMap cells = new CellMap(scale);
        for (int row = 0; row * group < layer.experts(); row++) {
            graphics.fillRect(layout.pairsLeft(), top + row * extent, (row + 1) * extent, extent);
            for (int column = 0; column <= row; column++) {
                double share = meanShare(layer, row * group, column * group, group);
                cells.add(layout.pairsLeft() + column * extent, top + row * extent, cell, cell, share);
            }
        }
        cells.draw(graphics);
    }

    /** The value of the darkest cell. */
    static double largest(ExpertUse use, PictureLayout layout) {
        int group = layout.pairGroup();
        double largest = 0;
        for (LayerUse layer : use.layers()) {
            for (int row = 0; row < layer.experts(); row += group) {
                for (int column = 0; column <= row; column += group) {
                    largest = Math.max(largest, meanShare(layer, row, column, group));
                }
            }
        }
        return largest;
    }

    /** Over the pairs of an expert of each group, or of two of the same. */
    private static double meanShare(LayerUse layer, int firstRow, int firstColumn, int group) {
        double sum = 0;
        int count = 0;
        for (int row = firstRow; row < Math.min(layer.experts(), firstRow + group); row++) {
            for (int column = firstColumn; column < Math.min(row, firstColumn + group); column++) {
                sum += layer.togetherShare(column, row);
                count++;
            }
        }
        return count == 0 ? 0 : sum / count;
    }
}
