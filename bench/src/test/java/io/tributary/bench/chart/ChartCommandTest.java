package io.tributary.bench.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tributary.bench.BenchException;
import io.tributary.bench.WrongUsageException;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChartCommandTest {
    @TempDir
    Path directory = Path.of("");

    @Test
    void aPictureShowsTheRatesOfBothEnginesAndTheLimitOfTheMachine() throws IOException {
        BufferedImage picture = draw(result());

        assertThat(picture.getHeight()).as("two charts").isEqualTo(2 * 420);
        assertThat(pixels(picture, TokenRateChart.OURS)).as("our bars").isGreaterThan(10_000);
        assertThat(pixels(picture, TokenRateChart.PEER)).as("the peer's bars").isGreaterThan(5_000);
        assertThat(pixels(picture, RooflineChart.LIMIT)).as("the roofline").isGreaterThan(300);
    }

    @Test
    void aResultWithoutAPeerHasNoBarsOfOne() throws IOException {
        Path alone = directory.resolve("alone.json");
        Files.writeString(alone, Files.readString(result()).replace("\"peer\"", "\"other\""));

        assertThat(pixels(draw(alone), TokenRateChart.PEER)).isZero();
    }

    @Test
    void ratesAreReadAsTheyWereMeasured() throws IOException {
        MeasuredModel model = MeasuredModel.read(result());

        assertThat(model.name()).isEqualTo("tinyllama-1-1b-q4-0");
        assertThat(model.ours().decode()).containsOnlyKeys(1, 4, 8, 16);
        assertThat(model.peer().decode().get(16))
                .isLessThan(model.ours().decode().get(16));
    }

    @Test
    void aFileThatIsNoResultIsNamed() throws IOException {
        Path other = Files.writeString(directory.resolve("other.json"), "{\"model\": \"x\"}");

        assertThatExceptionOfType(BenchException.class)
                .isThrownBy(() -> MeasuredModel.read(other))
                .withMessageContaining("other.json")
                .withMessageContaining("bench model --json");
        assertThatExceptionOfType(BenchException.class)
                .isThrownBy(() -> MeasuredModel.read(directory.resolve("missing.json")))
                .withMessageContaining("missing.json");
    }

    @Test
    void aPictureThatCannotBeWrittenIsRefusedBeforeAnythingIsRead() {
        ChartCommand command = new ChartCommand();
        command.out = directory.resolve("missing").resolve("x.png");

        assertThatExceptionOfType(WrongUsageException.class)
                .isThrownBy(command::call)
                .withMessageContaining("a directory that exists");
    }

    private BufferedImage draw(Path result) throws IOException {
        ChartCommand command = new ChartCommand();
        command.out = directory.resolve("chart.png");
        command.results = List.of(result);
        assertThat(command.call()).isZero();
        return ImageIO.read(command.out.toFile());
    }

    private static Path result() {
        return Path.of(Objects.requireNonNull(ChartCommandTest.class.getResource("/chart/result.json"))
                .getPath());
    }

    private static int pixels(BufferedImage picture, Color color) {
        int count = 0;
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                count += picture.getRGB(x, y) == color.getRGB() ? 1 : 0;
            }
        }
        return count;
    }
}
