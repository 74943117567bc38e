package io.tributary.models.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.kernels.FloatMatrix;
import io.tributary.models.architecture.UnsupportedArchitectureException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CtcDecoderTest {
    private final CtcDecoder decoder = new CtcDecoder(0);

    @Test
    void greedyLabelsAreTheBestWithoutRepeatsAndBlanks() {
        assertThat(decoder.greedy(logits(new int[] {1, 1, 0, 1, 2, 2, 0, 0, 3}, 4)))
                .containsExactly(1, 1, 2, 3);
        assertThat(decoder.greedy(logits(new int[] {0, 0}, 4))).isEmpty();
    }

    @Test
    void aBeamAddsUpTheWaysToTheSameLabels() {
        FloatMatrix logits = FloatMatrix.allocate(Arena.ofAuto(), 2, 2);
        for (int frame = 0; frame < 2; frame++) {
            logits.set(frame, 0, (float) Math.log(0.6));
            logits.set(frame, 1, (float) Math.log(0.4));
        }

        assertThat(decoder.greedy(logits)).isEmpty();
        assertThat(decoder.beam(logits, 8)).containsExactly(1);
    }

    @Test
    void aWideBeamFindsWhatAllWaysTogetherFind() {
        for (long seed = 1; seed <= 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            FloatMatrix logits = FloatMatrix.allocate(Arena.ofAuto(), 5, 3);
            for (int i = 0; i < 15; i++) {
                logits.set(i / 3, i % 3, (float) random.nextDouble(-2, 2));
            }

            assertThat(Arrays.stream(decoder.beam(logits, CtcDecoder.MAXIMAL_BEAM))
                            .boxed()
                            .toList())
                    .as("seed %s", seed)
                    .isEqualTo(mostProbable(logits));
        }
    }

    /** Goes through all 243 ways of five frames. */
    private static List<Integer> mostProbable(FloatMatrix logits) {
        Map<List<Integer>, Double> sums = new HashMap<>();
        for (int way = 0; way < 243; way++) {
            double probability = 1;
            List<Integer> labels = new ArrayList<>();
            int previous = 0;
            for (int frame = 0, rest = way; frame < 5; frame++, rest /= 3) {
                int label = rest % 3;
                double all = 0;
                for (int other = 0; other < 3; other++) {
                    all += Math.exp(logits.get(frame, other));
                }
                probability *= Math.exp(logits.get(frame, label)) / all;
                if (label != 0 && label != previous) {
                    labels.add(label);
                }
                previous = label;
            }
            sums.merge(labels, probability, Double::sum);
        }
        return sums.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    @Test
    void aBeamHasAWidth() {
        FloatMatrix logits = logits(new int[] {1}, 2);

        assertThatThrownBy(() -> decoder.beam(logits, 0)).hasMessageContaining("a beam of 0; 1 to 1024");
        assertThatThrownBy(() -> decoder.beam(logits, 1025)).hasMessageContaining("a beam of 1025");
    }

    @Test
    void labelsBecomeLettersAndWords(@TempDir Path directory) throws IOException {
        Files.writeString(
                directory.resolve("vocab.json"),
                "{\"<pad>\":0,\"<s>\":1,\"</s>\":2,\"<unk>\":3,\"|\":4,\"A\":5,\"B\":6}");
        CtcVocabulary vocabulary = CtcVocabulary.read(directory, 8);

        assertThat(vocabulary.blank()).isZero();
        assertThat(vocabulary.text(new int[] {4, 5, 6, 4, 4, 3, 6, 5, 4, 7})).isEqualTo("AB BA");
        assertThatThrownBy(() -> CtcVocabulary.read(directory, 6))
                .isInstanceOf(UnsupportedArchitectureException.class)
                .hasMessageContaining("the id 6 of B");
        Files.writeString(directory.resolve("vocab.json"), "{\"A\":1}");
        assertThatThrownBy(() -> CtcVocabulary.read(directory, 6)).hasMessageContaining("no token <pad>");
        Files.delete(directory.resolve("vocab.json"));
        assertThatThrownBy(() -> CtcVocabulary.read(directory, 6)).hasMessageContaining("cannot be read");
    }

    private static FloatMatrix logits(int[] best, int labels) {
        FloatMatrix logits = FloatMatrix.allocate(Arena.ofAuto(), best.length, labels);
        for (int frame = 0; frame < best.length; frame++) {
            for (int label = 0; label < labels; label++) {
                logits.set(frame, label, label == best[frame] ? 3 : 0);
            }
        }
        return logits;
    }
}
