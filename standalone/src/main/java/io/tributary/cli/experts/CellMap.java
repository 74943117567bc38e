package io.tributary.cli.experts;

import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.List;

/** Coloured cells: all of one colour become one shape, so that a file of shapes stays small. */
final class CellMap {
    private final ColourScale scale;
    private final List<Path2D> shapes = new ArrayList<>();

    CellMap(ColourScale scale) {
        this.scale = scale;
        scale.colours().forEach(_ -> shapes.add(new Path2D.Float()));
    }

    /** A cell with the colour of a value above 0; others stay as the ground. */
    void add(int left, int top, int width, int height, double value) {
        if (!(value > 0)) {
            return;
        }
        Path2D shape = shapes.get(scale.step(value));
        shape.moveTo(left, top);
        shape.lineTo(left + width, top);
        shape.lineTo(left + width, top + height);
        shape.lineTo(left, top + height);
        shape.closePath();
    }

    void draw(Graphics2D graphics) {
        for (int step = 0; step < shapes.size(); step++) {
            if (shapes.get(step).getCurrentPoint() != null) {
                graphics.setColor(scale.colours().get(step));
                graphics.fill(shapes.get(step));
            }
        }
    }
}
