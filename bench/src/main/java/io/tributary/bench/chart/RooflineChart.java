package io.tributary.bench.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The roofline (Williams, Waterman and Patterson, 2009): how fast the measured phases of the models compute, by how many
 * operations they do for each byte of weights that they read, below the limits of memory and arithmetic.
 */
final class RooflineChart {
    static final Color LIMIT = new Color(0xc0392b);

    private static final Color[] POINTS = {
        TokenRateChart.OURS, new Color(0x2e8b57), new Color(0x8e5ea2), new Color(0xd98c1f), new Color(0x444444)
    };

    /** Tokens of a prompt that go through the weights together. */
    private static final int CHUNK = 256;

    private static final int CORNERS = 200;
    private static final double LEAST_INTENSITY = 0.5;
    private static final double GIGA = 1e9;

    private RooflineChart() {}

    /** @param models one or more, measured on one machine with the same threads */
    static XYChart of(List<MeasuredModel> models, int width, int height) {
        XYChart chart = new XYChartBuilder()
                .width(width)
                .height(height)
                .title("roofline: single and batched decode, prefill")
                .xAxisTitle("operations for each byte of weights")
                .yAxisTitle("GFLOP/s")
                .build();
        ChartStyle.apply(chart.getStyler());
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        chart.getStyler().setLegendPosition(LegendPosition.InsideSE);
        addLimit(chart, models);
        for (int i = 0; i < models.size(); i++) {
            addPoints(chart, models.get(i), POINTS[i % POINTS.length]);
        }
        return chart;
    }

    private static void addLimit(XYChart chart, List<MeasuredModel> models) {
        MeasuredModel machine = models.getFirst();
        double highest = models.stream()
                .mapToDouble(model -> intensity(model, CHUNK))
                .max()
                .orElseThrow();
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (int corner = 0; corner <= CORNERS; corner++) {
            double intensity = LEAST_INTENSITY * Math.pow(2 * highest / LEAST_INTENSITY, corner / (double) CORNERS);
            x.add(intensity);
            y.add(Math.min(intensity * machine.readBytesPerSecond(), machine.operationsPerSecond()) / GIGA);
        }
        XYSeries limit = chart.addSeries("limit of the machine", x, y);
        limit.setMarker(SeriesMarkers.NONE);
        limit.setLineColor(LIMIT);
        limit.setLineStyle(new BasicStroke(2));
    }

    private static void addPoints(XYChart chart, MeasuredModel model, Color color) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        model.ours().decode().forEach((sequences, rate) -> {
            x.add(intensity(model, sequences));
            y.add(operations(model, rate));
        });
        x.add(intensity(model, Math.min(CHUNK, model.prompt())));
        y.add(operations(model, model.ours().prefill()));
        XYSeries points = chart.addSeries(model.name(), x, y);
        points.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        points.setMarker(SeriesMarkers.CIRCLE);
        points.setMarkerColor(color);
    }

    private static double intensity(MeasuredModel model, int tokens) {
        return 2 * model.multiplyAddsPerToken() * tokens / model.bytesPerDecodedToken();
    }

    private static double operations(MeasuredModel model, double tokensPerSecond) {
        return 2 * model.multiplyAddsPerToken() * tokensPerSecond / GIGA;
    }
}
