package io.tributary.bench.chart;

import io.tributary.bench.chart.MeasuredModel.TokenRates;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Bars of tokens a second, ours beside the peer's, for prefill and each number of sequences. */
final class TokenRateChart {
    static final Color OURS = new Color(0x1f6fb2);
    static final Color PEER = new Color(0xb8bcc2);

    private TokenRateChart() {}

    static CategoryChart of(MeasuredModel model, int width, int height) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(width)
                .height(height)
                .title(model.name() + ", " + model.threads() + (model.threads() == 1 ? " thread" : " threads"))
                .yAxisTitle("tokens a second")
                .build();
        ChartStyle.apply(chart.getStyler());
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        chart.getStyler().setLabelsVisible(true);
        chart.getStyler().setLabelsFontColor(Color.BLACK);
        chart.getStyler().setLabelsPosition(1);
        List<String> phases = phases(model);
        chart.addSeries("Tributary", phases, rates(model.ours())).setFillColor(OURS);
        if (!model.peer().decode().isEmpty()) {
            chart.addSeries("llama.cpp", phases, rates(model.peer())).setFillColor(PEER);
        }
        return chart;
    }

    private static List<String> phases(MeasuredModel model) {
        List<String> phases = new ArrayList<>();
        phases.add("prefill of " + model.prompt());
        model.ours().decode().keySet().forEach(sequences -> phases.add("decode, " + sequences));
        return phases;
    }

    private static List<Double> rates(TokenRates rates) {
        List<Double> values = new ArrayList<>();
        values.add(rounded(rates.prefill()));
        rates.decode().values().forEach(rate -> values.add(rounded(rate)));
        return values;
    }

    private static double rounded(double rate) {
        return Math.round(rate * 10) / 10.0;
    }
}
