package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Families and rotary scalings against the naive decoder; the formulas of the frequencies are written down again. */
class ReferenceTest {
    private static final double EPSILON = 1e-6;
    private static final double BASE = 50_000;
    /** Float32 with sums of some hundred terms against double. */
    private static final double TOLERANCE = 5e-5;

    @TempDir
    Path directory;

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "LlamaForCausalLM,   52, 6, 2, 10, 76, false, false",
        "LlamaForCausalLM,   33, 5, 5, 8,  47, false, true",
        "MistralForCausalLM, 64, 8, 1, 6,  97, false, false",
        "Qwen2ForCausalLM,   70, 4, 2, 20, 51, true,  true",
        "Qwen2ForCausalLM,   56, 7, 7, 8, 300, true,  false"
    })
    void everyFamilyEqualsTheNaiveDecoder(
            String family,
            int width,
            int heads,
            int keyValueHeads,
            int headSize,
            int hidden,
            boolean biases,
            boolean tied) {
        TestShape shape =
                TestShape.plain(width, heads, keyValueHeads, headSize, hidden).withBiases(biases, false, false);
        check(tied ? shape.withTiedUnembedding() : shape, family, "", plain(headSize), 80);
    }

    @Test
    void llamaWithBiasesEverywhereEqualsTheNaiveDecoder() {
        TestShape shape = TestShape.plain(48, 6, 3, 8, 60).withBiases(true, true, true);
        check(shape, "LlamaForCausalLM", "\"attention_bias\": true, \"mlp_bias\": true,", plain(8), 66);
    }

    @Test
    void linearScalingDividesThePositions() {
        double[] frequencies = plain(16);
        Arrays.setAll(frequencies, pair -> frequencies[pair] / 4);
        check(16, "\"rope_scaling\": {\"type\": \"linear\", \"factor\": 4.0},", frequencies, 90);
    }

    @Test
    void staticNtkRaisesTheBase() {
        double raised = BASE * Math.pow(3, 16.0 / 14);
        check(16, "\"rope_scaling\": {\"type\": \"ntk\", \"factor\": 3.0},", frequencies(raised, 16), 90);
    }

    @Test
    void dynamicNtkRaisesTheBaseByTheDeclaredPositions() {
        // 100 positions are declared where 64 were trained: 2.0 * 100 / 64 - 1.
        double raised = BASE * Math.pow(2.0 * 100 / 64 - 1, 16.0 / 14);
        String scaling = "\"rope_scaling\": {\"rope_type\": \"dynamic\", \"factor\": 2.0},";
        check(16, scaling, frequencies(raised, 16), 100, 64);
        check(16, scaling, plain(16), 64, 64);
    }

    @Test
    void llama3ScalingBlendsBetweenWavelengths() {
        double[] frequencies = plain(32);
        for (int pair = 0; pair < frequencies.length; pair++) {
            double wavelength = 2 * Math.PI / frequencies[pair];
            if (wavelength > 64 / 1.0) {
                frequencies[pair] /= 8;
            } else if (wavelength >= 64 / 4.0) {
                double smooth = (64 / wavelength - 1.0) / (4.0 - 1.0);
                frequencies[pair] = (1 - smooth) * frequencies[pair] / 8 + smooth * frequencies[pair];
            }
        }
        String scaling = """
                "rope_parameters": {"rope_type": "llama3", "rope_theta": 50000.0, "factor": 8.0, "low_freq_factor": 1.0,
                "high_freq_factor": 4.0, "original_max_position_embeddings": 64},
                """;
        check(32, scaling, frequencies, 120);
    }

    @Test
    void statesBehindTheFinalNormEqualThoseOfTheNaiveDecoder() {
        TestShape shape = TestShape.plain(40, 4, 2, 8, 56);
        TestWeights weights = TestWeights.random(shape, 77);
        int[] tokens = new Random(4)
                .ints(OutputHead.MAXIMAL_ROWS, 0, shape.vocabulary())
                .toArray();
        double[][] expected = new NaiveDecoder(weights, EPSILON, plain(8)).normalized(tokens);
        Path model = weights.writeHuggingFace(directory, configuration(shape, "LlamaForCausalLM", "", 128));
        try (Pipeline pipeline = new Pipeline(model, 1, 2)) {
            pipeline.logits(tokens, tokens.length);
            DecoderStage stage = pipeline.stage(0);
            float[] actual =
                    stage.outputHead().normalized(stage.hidden()).data().toArray(ValueLayout.JAVA_FLOAT);
            assertClose(actual, expected, TOLERANCE);
        }
    }

    private void check(int headSize, String scaling, double[] frequencies, int positions) {
        check(headSize, scaling, frequencies, positions, 128);
    }

    private void check(int headSize, String scaling, double[] frequencies, int positions, int context) {
        TestShape shape = TestShape.plain(40, 4, 2, headSize, 56);
        check(shape, "LlamaForCausalLM", scaling, frequencies, positions, context);
    }

    private void check(TestShape shape, String family, String more, double[] frequencies, int positions) {
        check(shape, family, more, frequencies, positions, 128);
    }

    private void check(TestShape shape, String family, String more, double[] frequencies, int positions, int context) {
        String configuration = configuration(shape, family, more, context);
        TestWeights weights = TestWeights.random(shape, 77);
        int[] tokens = new Random(4).ints(positions, 0, shape.vocabulary()).toArray();
        double[][] expected = new NaiveDecoder(weights, EPSILON, frequencies).logits(tokens);
        try (Pipeline pipeline = new Pipeline(weights.writeHuggingFace(directory, configuration), 1, 2)) {
            assertClose(pipeline.logits(tokens, 50), expected, TOLERANCE);
        }
    }

    private static String configuration(TestShape shape, String family, String more, int context) {
        return "{" + shape.json() + more + """
                "architectures": ["%s"], "max_position_embeddings": %d, "rope_theta": %s, "rms_norm_eps": %s}
                """.formatted(family, context, BASE, EPSILON);
    }

    static void assertClose(float[] actual, double[][] expected, double tolerance) {
        double worst = 0;
        int index = 0;
        for (double[] row : expected) {
            for (double value : row) {
                worst = Math.max(worst, Math.abs(value - actual[index]));
                index++;
            }
        }
        assertThat(index).isEqualTo(actual.length);
        assertThat(worst).as("largest difference").isLessThan(tolerance);
    }

    private static double[] plain(int headSize) {
        return frequencies(BASE, headSize);
    }

    private static double[] frequencies(double base, int headSize) {
        double[] frequencies = new double[headSize / 2];
        Arrays.setAll(frequencies, pair -> Math.pow(base, -2.0 * pair / headSize));
        return frequencies;
    }
}
