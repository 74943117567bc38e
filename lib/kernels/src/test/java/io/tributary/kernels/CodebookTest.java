package io.tributary.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CodebookTest {
    private final Arena arena = Arena.ofShared();
    private final WorkPool pool = new WorkPool(1);

    @AfterEach
    void release() {
        pool.close();
        arena.close();
    }

    @Test
    void anyNumberAndLengthOfCodewordsGivesTheBitsOfTheScalarReference() {
        for (int count : new int[] {1, 2, 15, 16, 17, 31, 48, 63, 64, 65, 100, 129, 200}) {
            for (int size : new int[] {1, 2, 3, 7, 8, 16, 33}) {
                CodebookCase search = new CodebookCase(5, count, size, count * 1000L + size);

                assertThat(search.found(true)).as(search.toString()).isEqualTo(search.found(false));
            }
        }
    }

    @Test
    void theScalarTwinGivesTheBitsOfTheVectorKernel() {
        int size = 21;
        float[][] codewords = Samples.normalRows(new SplittableRandom(3), 80, size, 1);
        float[][] x = Samples.normalRows(new SplittableRandom(4), 1, size, 1);
        FloatMatrix vector = Samples.matrix(arena, x);
        FloatMatrix panels = FloatMatrix.allocate(arena, 5, size * VirtualLanes.COUNT);
        for (int word = 0; word < codewords.length; word++) {
            for (int i = 0; i < size; i++) {
                panels.set(word / 16, i * 16 + word % 16, codewords[word][i]);
            }
        }
        FloatMatrix scalar = FloatMatrix.allocate(arena, 1, RowScratch.CHUNK);
        FloatMatrix vectors = FloatMatrix.allocate(arena, 1, RowScratch.CHUNK);
        new ScalarCodebookKernels().nearest(vector.data(), 0, size, panels.data(), 5, scalar.data());
        new VectorCodebookKernels().nearest(vector.data(), 0, size, panels.data(), 5, vectors.data());

        assertThat(Samples.values(vectors.data(), 32)).isEqualTo(Samples.values(scalar.data(), 32));
    }

    @Test
    void aCodewordIsNearestToItself() {
        float[][] codewords = {{1, 2}, {3, 4}, {-1, 0}, {3, 4}};
        Codebook codebook = Codebook.pack(Samples.matrix(arena, codewords), arena);
        int[] nearest = new int[4];
        float[] distances = new float[4];

        codebook.search(Samples.matrix(arena, codewords), nearest, distances, pool);

        assertThat(nearest).as("of equal ones the first").containsExactly(0, 1, 2, 1);
        assertThat(distances).containsOnly(0f);
        assertThat(codebook.count()).isEqualTo(4);
        assertThat(codebook.size()).isEqualTo(2);
    }

    @Test
    void whatIsNoNumberIsNeverNearest() {
        float[][] codewords = {{Float.NaN}, {Float.POSITIVE_INFINITY}, {5}};
        Codebook codebook = Codebook.pack(Samples.matrix(arena, codewords), arena);
        int[] nearest = new int[3];
        float[] distances = new float[3];

        codebook.search(
                Samples.matrix(arena, new float[][] {{4}, {Float.NaN}, {Float.NEGATIVE_INFINITY}}),
                nearest,
                distances,
                pool);

        assertThat(nearest).containsExactly(2, 0, 0);
        assertThat(distances).containsExactly(1f, Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY);
    }

    @Test
    void shapesThatDoNotFitAreNamed() {
        assertThatThrownBy(() -> Codebook.pack(FloatMatrix.allocate(arena, 0, 4), arena))
                .hasMessageContaining("at least 1 codeword");
        Codebook codebook = Codebook.pack(Samples.matrix(arena, new float[][] {{1, 2}}), arena);
        assertThatThrownBy(() -> codebook.search(FloatMatrix.allocate(arena, 1, 3), new int[1], new float[1], pool))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the matrix of vectors is 1 x 3 where 1 x 2 is needed");
        assertThatThrownBy(() -> codebook.search(FloatMatrix.allocate(arena, 2, 2), new int[1], new float[2], pool))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("results for 1 and 2 vectors where there are 2");
    }
}
