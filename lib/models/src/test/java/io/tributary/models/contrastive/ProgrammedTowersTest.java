package io.tributary.models.contrastive;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.checkpoints.HuggingFaceCheckpoint;
import io.tributary.kernels.WorkPool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures that no weight was fitted to are told apart by words alone. */
class ProgrammedTowersTest {
    private static final int PICTURES = 400;
    private static final long SEED = 6;

    @TempDir
    Path directory;

    private static int hue(int label) {
        return label / ProgrammedTowers.DIRECTIONS;
    }

    private static int direction(int label) {
        return label % ProgrammedTowers.DIRECTIONS;
    }

    /** A striped square of any place, size and phase; the background is 0. */
    private static float[] picture(int label, SplittableRandom random) {
        int side = ProgrammedTowers.SIDE;
        int size = random.nextInt(10, side + 1);
        int left = random.nextInt(side - size + 1);
        int top = random.nextInt(side - size + 1);
        double phase = random.nextDouble(2 * Math.PI);
        float[] values = new float[3 * side * side];
        for (int y = top; y < top + size; y++) {
            for (int x = left; x < left + size; x++) {
                int along = direction(label) == 0 ? y : x;
                double wave = 0.6 + 0.4 * Math.sin(2 * Math.PI * along / ProgrammedTowers.PERIOD + phase);
                for (int colour = 0; colour < 3; colour++) {
                    double noise = random.nextDouble(-0.1, 0.1);
                    values[(colour * side + y) * side + x] =
                            (float) (ProgrammedTowers.HUES[hue(label)][colour] * wave + noise);
                }
            }
        }
        return values;
    }

    private static double share(List<Integer> answers, List<Integer> labels) {
        long right = 0;
        for (int index = 0; index < labels.size(); index++) {
            right += answers.get(index).equals(labels.get(index)) ? 1 : 0;
        }
        return (double) right / labels.size();
    }

    @Test
    void pictureAndWordsOfTheSameAxesFindEachOther() {
        ProgrammedTowers.write(directory);
        int classes = ProgrammedTowers.HUES.length * ProgrammedTowers.DIRECTIONS;
        SplittableRandom random = new SplittableRandom(SEED);
        List<Integer> labels = new ArrayList<>();
        List<Integer> answers = new ArrayList<>();
        try (HuggingFaceCheckpoint checkpoint = HuggingFaceCheckpoint.open(directory);
                WorkPool pool = new WorkPool(2);
                ClipModel model = ClipModel.load(checkpoint, pool)) {
            List<int[]> words = new ArrayList<>();
            for (int label = 0; label < classes; label++) {
                words.add(ProgrammedTowers.text(hue(label), direction(label)));
            }
            List<float[]> texts = model.embedTexts(words, false);
            for (int index = 0; index < PICTURES; index++) {
                int label = random.nextInt(classes);
                float[] embedding =
                        model.embedImages(List.of(picture(label, random))).getFirst();
                labels.add(label);
                answers.add(model.scores().rank(embedding, texts).getFirst().index());
            }
        }
        assertThat(share(answers, labels)).as("accuracy with seed %d", SEED).isGreaterThanOrEqualTo(0.98);
        List<Integer> shuffled = new ArrayList<>(labels);
        Collections.shuffle(shuffled, new Random(SEED));
        assertThat(share(answers, shuffled)).as("with shuffled labels").isBetween(0.06, 0.19);
    }
}
