package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promise that a position's logits have one bit pattern, whatever happens around it. */
class BitEqualityTest {
    private static final int POSITIONS = 150;
    private static final TestShape SHAPE = TestShape.plain(52, 6, 2, 10, 76).withBiases(true, true, true);
    private static final String CONFIGURATION = "{" + SHAPE.json() + """
            "architectures": ["LlamaForCausalLM"], "attention_bias": true, "mlp_bias": true,
            "max_position_embeddings": 256, "rope_theta": 10000}
            """;

    @TempDir
    Path directory;

    private Path model() {
        return TestWeights.random(SHAPE, 31).writeHuggingFace(directory, CONFIGURATION);
    }

    private static int[] tokens(long seed, int count) {
        return new Random(seed).ints(count, 0, SHAPE.vocabulary()).toArray();
    }

    private static float[] logits(Path path, int stages, int threads, int chunk) {
        try (Pipeline pipeline = new Pipeline(path, stages, threads)) {
            return pipeline.logits(tokens(5, POSITIONS), chunk);
        }
    }

    @Test
    void stagesThreadsAndChunksDoNotChangeABit() {
        Path path = model();
        float[] expected = logits(path, 1, 1, POSITIONS);
        assertSameBits("2 stages", logits(path, 2, 1, POSITIONS), expected);
        assertSameBits("3 stages", logits(path, 3, 1, POSITIONS), expected);
        assertSameBits("2 threads", logits(path, 1, 2, POSITIONS), expected);
        assertSameBits("3 threads", logits(path, 1, 3, POSITIONS), expected);
        assertSameBits("chunks of 1", logits(path, 1, 2, 1), expected);
        assertSameBits("chunks of 7", logits(path, 2, 2, 7), expected);
        assertSameBits("chunks of 64", logits(path, 3, 3, 64), expected);
    }

    @Test
    void companyInTheBatchDoesNotChangeABit() {
        try (Pipeline pipeline = new Pipeline(model(), 2, 2)) {
            int[] tokens = tokens(5, 40);
            float[] expected = pipeline.logits(tokens, 40);
            List<Pipeline.Sequence> sequences = new ArrayList<>();
            List<Pipeline.Chunk> chunks = new ArrayList<>();
            for (int length : new int[] {1, 17, 40, 3, 64, 30}) {
                Pipeline.Sequence sequence = pipeline.open(200);
                sequences.add(sequence);
                // The others have a past of their own, so that positions differ too.
                if (length != 40) {
                    pipeline.run(List.of(new Pipeline.Chunk(sequence, tokens(length, 2 * length))), LogitsRows.NONE);
                }
                chunks.add(new Pipeline.Chunk(sequence, length == 40 ? tokens : tokens(length + 100, length)));
            }
            assertSameBits(
                    "alone and among five", pipeline.run(chunks, LogitsRows.ALL).get(2), expected);
            sequences.forEach(Pipeline.Sequence::close);
        }
    }

    @Test
    void twoChunksOfASequenceInOneBatchEqualTwoBatches() {
        try (Pipeline pipeline = new Pipeline(model(), 1, 2)) {
            int[] tokens = tokens(8, 90);
            float[] expected = pipeline.logits(tokens, 90);
            try (Pipeline.Sequence sequence = pipeline.open(90);
                    Pipeline.Sequence other = pipeline.open(90)) {
                List<float[]> logits = pipeline.run(
                        List.of(
                                new Pipeline.Chunk(sequence, Arrays.copyOf(tokens, 50)),
                                new Pipeline.Chunk(other, tokens(1, 33)),
                                new Pipeline.Chunk(sequence, Arrays.copyOfRange(tokens, 50, 90))),
                        LogitsRows.ALL);
                int vocabulary = SHAPE.vocabulary();
                assertSameBits("first part", logits.get(0), Arrays.copyOf(expected, 50 * vocabulary));
                assertSameBits(
                        "second part", logits.get(2), Arrays.copyOfRange(expected, 50 * vocabulary, 90 * vocabulary));
            }
        }
    }

    @Test
    void aLaterTokenDoesNotChangeEarlierLogits() {
        try (Pipeline pipeline = new Pipeline(model(), 1, 2)) {
            int[] tokens = tokens(3, 70);
            float[] expected = pipeline.logits(tokens, 70);
            tokens[69] = (tokens[69] + 1) % SHAPE.vocabulary();
            int before = 69 * SHAPE.vocabulary();
            float[] changed = pipeline.logits(tokens, 70);
            assertSameBits("before the change", Arrays.copyOf(changed, before), Arrays.copyOf(expected, before));
            assertThat(Arrays.copyOfRange(changed, before, changed.length))
                    .isNotEqualTo(Arrays.copyOfRange(expected, before, expected.length));
        }
    }

    @Test
    void pagesThatAnotherSequenceUsedChangeNoBit() {
        try (Pipeline pipeline = new Pipeline(model(), 1, 1)) {
            int[] tokens = tokens(6, 100);
            float[] expected = pipeline.logits(tokens, 100);
            pipeline.logits(tokens(9, 200), 200);
            assertSameBits("used pages", pipeline.logits(tokens, 100), expected);
        }
    }

    @Test
    void forksAndAdoptedPagesOnEveryStageChangeNoBit() {
        int[] tokens = tokens(6, 140);
        int vocabulary = SHAPE.vocabulary();
        try (Pipeline pipeline = new Pipeline(model(), 2, 2);
                Pipeline.Sequence source = pipeline.open(200)) {
            float[] expected = pipeline.logits(tokens, 140);
            pipeline.run(List.of(new Pipeline.Chunk(source, tokens)), LogitsRows.NONE);
            source.remember(tokens);
            try (Pipeline.Sequence fork = source.fork(100, 140);
                    Pipeline.Sequence adopting = pipeline.open(140)) {
                assertThat(adopting.adopt(tokens)).containsExactly(128, 128);
                List<float[]> logits = pipeline.run(
                        List.of(
                                new Pipeline.Chunk(fork, Arrays.copyOfRange(tokens, 100, 140)),
                                new Pipeline.Chunk(adopting, Arrays.copyOfRange(tokens, 128, 140))),
                        LogitsRows.ALL);
                float[] behindFork = Arrays.copyOfRange(expected, 100 * vocabulary, 140 * vocabulary);
                float[] behindAdopted = Arrays.copyOfRange(expected, 128 * vocabulary, 140 * vocabulary);
                assertSameBits("fork", logits.get(0), behindFork);
                assertSameBits("adopted", logits.get(1), behindAdopted);
            }
        }
    }

    private static void assertSameBits(String what, float[] actual, float[] expected) {
        assertThat(Arrays.compare(bits(actual), bits(expected))).as(what).isZero();
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int index = 0; index < bits.length; index++) {
            bits[index] = Float.floatToRawIntBits(values[index]);
        }
        return bits;
    }
}
