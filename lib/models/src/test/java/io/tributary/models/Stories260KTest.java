package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tributary.checkpoints.GgufCheckpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The test vector of llama2.c, on the trained model itself. */
class Stories260KTest {
    private static final String DATA = System.getenv("TRIBUTARY_DATA");
    private static final int STEPS = 200;
    private static final int BEGINNING_OF_TEXT = 1;

    @BeforeEach
    void skipWithoutData() {
        assumeTrue(
                DATA != null, "TRIBUTARY_DATA is not set: the trained model stories260K is not there to be compared");
    }

    @ParameterizedTest(name = "{0} stages")
    @ValueSource(ints = {1, 2, 5})
    void twoHundredGreedyStepsGiveThePublishedText(int stages) throws IOException {
        Path folder = Path.of(DATA, "stories260K");
        Path model = folder.resolve("stories260K-f32.gguf");
        List<String> pieces;
        try (GgufCheckpoint checkpoint = GgufCheckpoint.open(model)) {
            pieces = checkpoint.metadata().strings("tokenizer.ggml.tokens");
        }
        try (Pipeline pipeline = new Pipeline(model, stages, 2)) {
            int[] tokens = pipeline.greedy(new int[] {BEGINNING_OF_TEXT}, STEPS);
            String published = Files.readString(folder.resolve("greedy200.txt"));
            assertThat(text(pieces, tokens).strip()).isEqualTo(published.strip());
        }
    }

    private static String text(List<String> pieces, int[] tokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int token : tokens) {
            String piece = pieces.get(token);
            if (piece.matches("<0x[0-9A-F]{2}>")) {
                bytes.write(HexFormat.fromHexDigits(piece, 3, 5));
            } else {
                bytes.writeBytes(piece.replace('▁', ' ').getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
