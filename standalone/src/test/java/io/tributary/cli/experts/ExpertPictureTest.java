package io.tributary.cli.experts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tributary.cli.CommandFailedException;
import io.tributary.cli.WrongUsageException;
import io.tributary.models.experts.LayerLoad;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The picture of a use that is known. */
class ExpertPictureTest {
    private static final ExpertUse USE = KnownUse.use();

    @TempDir
    Path directory = Path.of("");

    @Test
    void aCellStandsForEachExpertOfATokenAndForEachPair() throws Exception {
        Document picture = svg(USE);

        // 10 choices in layer 0 and 4 in layer 3; 3 pairs in layer 0.
        assertThat(cells(picture)).isEqualTo(10 + 4 + 3);
    }

    @Test
    void theTextsAreTheTokensTheNumbersAndTheLegends() throws Exception {
        List<String> texts = texts(svg(USE));

        assertThat(texts)
                .contains("Experts of known <1>", "2 layers with 4 experts; 5 tokens: 3 of the prompt, 2 generated")
                .contains("In", "\u00b7the", "\u00b7unpronounc\u2026", "\\n", "\\x01", "generated")
                .contains("layer 0", "layer 3", "entropy 1.52 of 2.00 bits", "entropy 2.00 of 2.00 bits")
                .contains("imbalance 1.60", "imbalance 1.00", "busiest 0: 40.0 %", "together 0 and 1: 60.0 %")
                .contains("overflow 0", "overflow 1")
                .contains("weight of an expert's output; grey: not chosen", "0.50", "1.0")
                .contains("tokens that chose both experts of a pair", "30.0 %", "60.0 %");
    }

    @Test
    void aDarkerCellIsALargerWeight() throws Exception {
        Path file = directory.resolve("use.png");
        PictureFile.of(file).write(new ExpertPicture(USE));

        BufferedImage image = ImageIO.read(file.toFile());
        PictureLayout layout = new ExpertPicture(USE).layout();
        assertThat(image.getWidth()).isEqualTo(2 * layout.width());
        assertThat(image.getHeight()).isEqualTo(2 * layout.height());
        assertThat(cell(image, layout, 2, 0)).as("weight 1").isEqualTo(new Color(0x081d58));
        assertThat(cell(image, layout, 2, 1)).as("weight 0.125").isNotEqualTo(Ink.GROUND);
        assertThat(brightness(cell(image, layout, 2, 1)))
                .isGreaterThan(brightness(cell(image, layout, 0, 1)))
                .isGreaterThan(brightness(cell(image, layout, 1, 0)));
        assertThat(cell(image, layout, 0, 3)).as("not chosen").isEqualTo(Ink.GROUND);
    }

    @Test
    void coloursOfBothScalesGrowDarkerStepByStep() {
        for (ColourScale scale : List.of(ColourScale.ofWeights(1), ColourScale.ofPairs(1))) {
            List<Double> brightness =
                    scale.colours().stream().map(ExpertPictureTest::brightness).toList();
            List<Double> sorted = new ArrayList<>(brightness);
            sorted.sort(Collections.reverseOrder());
            assertThat(brightness).isEqualTo(sorted).doesNotHaveDuplicates();
        }
    }

    @Test
    void aPictureOfManyLayersAndExpertsStaysReadableInSize() throws Exception {
        ExpertUse use = evenUse(48, 128, 300);
        PictureLayout layout = PictureLayout.of(use);

        assertThat(layout.width()).isLessThan(2_500);
        assertThat(layout.height()).isLessThan(14_000);
        Path file = directory.resolve("large.svg");
        PictureFile.of(file).write(new ExpertPicture(use));
        assertThat(Files.size(file)).isLessThan(12L << 20);
    }

    @Test
    void aPictureBeyondAllBoundsIsRefusedBeforeItIsDrawn() {
        ExpertPicture picture = new ExpertPicture(evenUse(60, 1024, 512));

        assertThatExceptionOfType(CommandFailedException.class)
                .isThrownBy(() -> PictureFile.of(directory.resolve("huge.png")).write(picture))
                .withMessageMatching("the picture would have \\d+ x \\d+ pixels; at most 100000000 are drawn: .*");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aNameThatSaysNoFormatOrHasNoDirectoryIsRefused() {
        assertThatExceptionOfType(WrongUsageException.class)
                .isThrownBy(() -> PictureFile.of(directory.resolve("use.jpg")))
                .withMessageEndingWith("; a picture's name ends with .svg or .png, which says what is written");
        assertThatExceptionOfType(WrongUsageException.class)
                .isThrownBy(() -> PictureFile.of(directory.resolve("missing/use.svg")))
                .withMessageEndingWith("; it must be a file in a directory that exists");
    }

    /** Every token has the 8 experts behind its index. */
    private static ExpertUse evenUse(int layers, int experts, int tokens) {
        List<UsedToken> names = new ArrayList<>();
        float[] weights = new float[tokens * experts];
        long[] chosen = new long[experts];
        for (int token = 0; token < tokens; token++) {
            names.add(new UsedToken(token, "token " + token));
            for (int rank = 0; rank < 8; rank++) {
                int expert = (token + 5 * rank) % experts;
                weights[token * experts + expert] = 0.125f * rank + 0.1f;
                chosen[expert]++;
            }
        }
        long[] pairs = new long[LayerLoad.pairCount(experts)];
        pairs[0] = 1;
        LayerUse layer = new LayerUse(new LayerLoad(0, tokens, 0, chosen, pairs), weights);
        return new ExpertUse("even", names, tokens, Collections.nCopies(layers, layer));
    }

    private Document svg(ExpertUse use) throws Exception {
        Path file = directory.resolve("use.svg");
        PictureFile.of(file).write(new ExpertPicture(use));
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        return factory.newDocumentBuilder().parse(file.toFile());
    }

    /** Shapes that are drawn as parts of paths: all other rectangles are elements of their own. */
    private static long cells(Document picture) {
        NodeList paths = picture.getElementsByTagName("path");
        long cells = 0;
        for (int index = 0; index < paths.getLength(); index++) {
            cells += ((Element) paths.item(index))
                    .getAttribute("d")
                    .chars()
                    .filter(letter -> letter == 'M')
                    .count();
        }
        return cells;
    }

    private static List<String> texts(Document picture) {
        NodeList elements = picture.getElementsByTagName("text");
        List<String> texts = new ArrayList<>();
        for (int index = 0; index < elements.getLength(); index++) {
            texts.add(elements.item(index).getTextContent());
        }
        return texts;
    }

    /** The colour in the middle of a cell of the first band. */
    private static Color cell(BufferedImage image, PictureLayout layout, int token, int expert) throws IOException {
        int left = layout.mapLeft() + token * layout.cellWidth() + layout.cellWidth() / 2;
        int top = layout.bandTop(0) + expert * layout.cellHeight() + layout.cellHeight() / 2;
        return new Color(image.getRGB(2 * left, 2 * top));
    }

    private static double brightness(Color colour) {
        return 0.2126 * colour.getRed() + 0.7152 * colour.getGreen() + 0.0722 * colour.getBlue();
    }
}
