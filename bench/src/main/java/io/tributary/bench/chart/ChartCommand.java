package io.tributary.bench.chart;

import io.tributary.bench.WrongUsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.internal.chartpart.Chart;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `tributary bench chart`: a PNG of saved results, the models' token rates above a roofline of all. */
@Command(name = "chart", description = "Draws what `bench model --json` has measured as a PNG.")
public final class ChartCommand implements Callable<Integer> {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 420;
    private static final int MAXIMAL_RESULTS = 8;

    @Option(names = "--out", required = true, paramLabel = "FILE.png", description = "Where to; replaced if it exists.")
    Path out = Path.of("");

    @Parameters(
            arity = "1..*",
            paramLabel = "RESULT.json",
            description = "Outputs of `bench model --json` of one machine, with the same threads; at most 8.")
    List<Path> results = List.of();

    @Override
    public Integer call() throws IOException {
        Path directory = out.toAbsolutePath().getParent();
        if (directory == null
                || !Files.isDirectory(directory)
                || !out.toString().endsWith(".png")) {
            throw new WrongUsageException("--out", out, "it must be a .png file in a directory that exists");
        }
        if (results.size() > MAXIMAL_RESULTS) {
            throw new WrongUsageException("RESULT.json", results.size() + " files", "at most 8 fit in a picture");
        }
        System.setProperty("java.awt.headless", "true");
        List<MeasuredModel> models = new ArrayList<>();
        List<Chart<?, ?>> charts = new ArrayList<>();
        for (Path result : results) {
            MeasuredModel model = MeasuredModel.read(result);
            models.add(model);
            charts.add(TokenRateChart.of(model, WIDTH, HEIGHT));
        }
        charts.add(RooflineChart.of(models, WIDTH, HEIGHT));
        save(charts);
        return 0;
    }

    @SuppressWarnings({"rawtypes", "unchecked"}) // The library takes a raw list.
    private void save(List<Chart<?, ?>> charts) throws IOException {
        BitmapEncoder.saveBitmap((List) charts, charts.size(), 1, out.toString(), BitmapFormat.PNG);
    }
}
