package io.tributary.models.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SamplerAllocationTest {
    private static final int VOCABULARY = 5_000;
    private static final int MAXIMAL_ROUNDS = 200;
    private static final int DRAWS = 50;
    /** A drawn token has 24 bytes; until the kernels are compiled their vectors live on the heap too. */
    private static final long BOUND = 64;

    static Stream<Arguments> draws() {
        SamplingParameters greedy = SamplingParameters.greedy();
        SamplingParameters random = greedy.withTemperature(0.8f)
                .withTruncation(Truncation.keepAll().withTopK(40))
                .withPenalties(Penalties.none().withRepetition(1.1f));
        return Stream.of(
                Arguments.of("greedy", greedy, false),
                Arguments.of("random", random, false),
                Arguments.of(
                        "biased", random.withLogitBiases(List.of(new LogitBias(3, 2), new LogitBias(4, -2))), false),
                Arguments.of("constrained", random, true));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("draws")
    void aWarmDrawAllocatesItsResultAlone(String name, SamplingParameters parameters, boolean constrained) {
        Random random = new Random(2);
        float[] values = new float[VOCABULARY];
        for (int id = 0; id < VOCABULARY; id++) {
            values[id] = (float) random.nextGaussian();
        }
        TokenHistory history = new TokenHistory();
        random.ints(100, 0, VOCABULARY).forEach(history::addPrompt);
        long[] allowed = new long[Math.ceilDiv(VOCABULARY, Long.SIZE)];
        Arrays.setAll(allowed, word -> random.nextLong());
        Sampler sampler = new Sampler(VOCABULARY);
        MemorySegment logits = Logits.of(values);
        long least = Long.MAX_VALUE;
        for (int round = 0; round < MAXIMAL_ROUNDS && least >= BOUND; round++) {
            least = Math.min(least, allocated(sampler, logits, parameters, history, constrained ? allowed : null));
        }
        assertThat(least).as("bytes per draw, %s", name).isLessThan(BOUND);
    }

    private static long allocated(
            Sampler sampler,
            MemorySegment logits,
            SamplingParameters parameters,
            TokenHistory history,
            long @Nullable [] allowed) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int position = 0; position < DRAWS; position++) {
            sampler.sample(logits, parameters, history, position, allowed);
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / DRAWS;
    }
}
