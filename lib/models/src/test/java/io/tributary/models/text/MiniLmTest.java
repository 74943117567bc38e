package io.tributary.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.tributary.checkpoints.OnnxCheckpoint;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.Gelu;
import io.tributary.kernels.WorkPool;
import io.tributary.models.EncoderLimits;
import io.tributary.models.architecture.BertArchitecture;
import io.tributary.models.architecture.GeluFeedForward;
import io.tributary.models.packing.PackingCache;
import io.tributary.tokenizers.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trained model, straight from the ONNX file that others run with ONNX Runtime. */
class MiniLmTest {
    private static final int SENTENCES = 500;
    private static final long SEED = 1127;
    /** What the model was trained with. */
    private static final int MAXIMAL_TOKENS = 128;

    @TempDir
    static Path directory = Path.of("");

    private static Path resource(String name, String file) throws IOException {
        Path path = directory.resolve(file);
        try (InputStream source = Objects.requireNonNull(MiniLmTest.class.getResourceAsStream("/" + name), name)) {
            Files.copy(source, path);
        }
        return path;
    }

    @Test
    void embeddingsAreThoseOfOnnxRuntime() throws Exception {
        Path model = resource("all-minilm-l6-v2.onnx", "model.onnx");
        resource("all-minilm-l6-v2-tokenizer.json", "tokenizer.json");
        List<TokenizedText> texts;
        try (Tokenizer tokenizer = Tokenizer.open(directory, 1 << 20)) {
            texts = VariedSentences.of(SENTENCES, SEED).stream()
                    .map(sentence -> TokenizedText.of(truncated(tokenizer.encode(sentence, true))))
                    .toList();
        }
        assertThat(texts).anyMatch(text -> text.length() == 2).anyMatch(text -> text.length() == MAXIMAL_TOKENS);
        List<float[]> embeddings = embeddings(model, texts);

        try (OrtEnvironment environment = OrtEnvironment.getEnvironment();
                OrtSession session = environment.createSession(model.toString())) {
            for (int text = 0; text < SENTENCES; text++) {
                float[] expected =
                        expected(environment, session, texts.get(text).ids());
                assertThat(embeddings.get(text))
                        .as("seed %d, text %d", SEED, text)
                        .containsExactly(expected, offset(1e-4f));
            }
        }
    }

    private static List<float[]> embeddings(Path model, List<TokenizedText> texts) {
        List<float[]> embeddings = new ArrayList<>();
        try (OnnxCheckpoint checkpoint = OnnxCheckpoint.open(model);
                WorkPool pool = new WorkPool(2)) {
            BertArchitecture architecture = BertArchitecture.read(checkpoint);
            assertThat(architecture.encoder().heads()).isEqualTo(12);
            assertThat(architecture.encoder().layers()).isEqualTo(6);
            assertThat(architecture.encoder().network()).isEqualTo(new GeluFeedForward(1536, Gelu.EXACT, true));
            try (TextEncoder encoder = new TextEncoder(
                    checkpoint, architecture, Pooling.DEFAULT, pool, EncoderLimits.DEFAULT, PackingCache.off())) {
                for (int first = 0; first < texts.size(); first += 10) {
                    FloatMatrix batch = encoder.encode(texts.subList(first, first + 10));
                    for (int row = 0; row < batch.rows(); row++) {
                        embeddings.add(row(batch, row));
                    }
                }
            }
        }
        return embeddings;
    }

    private static float[] row(FloatMatrix matrix, int row) {
        float[] values = new float[matrix.columns()];
        for (int column = 0; column < values.length; column++) {
            values[column] = matrix.get(row, column);
        }
        return values;
    }

    /** The last token, which ends a text, stays. */
    private static int[] truncated(int[] ids) {
        if (ids.length <= MAXIMAL_TOKENS) {
            return ids;
        }
        int[] kept = Arrays.copyOf(ids, MAXIMAL_TOKENS);
        kept[MAXIMAL_TOKENS - 1] = ids[ids.length - 1];
        return kept;
    }

    private static float[] expected(OrtEnvironment environment, OrtSession session, int[] ids) throws OrtException {
        long[][] tokens = {Arrays.stream(ids).asLongStream().toArray()};
        long[][] ones = new long[1][ids.length];
        Arrays.fill(ones[0], 1);
        try (OnnxTensor inputIds = OnnxTensor.createTensor(environment, tokens);
                OnnxTensor mask = OnnxTensor.createTensor(environment, ones);
                OnnxTensor segments = OnnxTensor.createTensor(environment, new long[1][ids.length]);
                OrtSession.Result result = session.run(
                        Map.of("input_ids", inputIds, "attention_mask", mask, "token_type_ids", segments))) {
            float[][][] hidden = (float[][][]) result.get(0).getValue();
            return unitMean(hidden[0]);
        }
    }

    private static float[] unitMean(float[][] rows) {
        double[] sums = new double[rows[0].length];
        for (float[] row : rows) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += row[i];
            }
        }
        double length = Math.sqrt(Arrays.stream(sums).map(sum -> sum * sum).sum());
        float[] mean = new float[sums.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (sums[i] / length);
        }
        return mean;
    }
}
