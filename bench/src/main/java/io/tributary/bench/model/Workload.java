package io.tributary.bench.model;

import io.tributary.bench.WrongUsageException;
import java.util.List;

/**
 * What an engine is asked to do, in one repetition.
 *
 * @param prompt tokens of the prompt whose rate is measured
 * @param generate tokens that one sequence generates, from an empty context
 * @param parallel numbers of sequences that generate together, ascending; may be empty
 * @param threads threads of the engine
 */
record Workload(int prompt, int generate, List<Integer> parallel, int threads) {
    /** Tokens that each of several sequences has before its generation is measured. */
    static final int PARALLEL_PROMPT = 8;
    /** Tokens that each of several sequences generates. */
    static final int PARALLEL_GENERATE = 32;

    private static final int MOST_TOKENS = 1 << 20;
    private static final int MOST_SEQUENCES = 256;
    private static final int MOST_THREADS = 1024;

    /** @throws WrongUsageException when a number cannot be measured */
    Workload {
        parallel = List.copyOf(parallel).stream().sorted().distinct().toList();
        require("--prompt", prompt, MOST_TOKENS);
        require("--generate", generate, MOST_TOKENS);
        require("--threads", threads, MOST_THREADS);
        parallel.forEach(sequences -> require("--parallel", sequences, MOST_SEQUENCES));
    }

    /** Positions of the longest sequence. */
    int longestSequence() {
        int single = Math.max(prompt, generate);
        return parallel.isEmpty() ? single : Math.max(single, PARALLEL_PROMPT + PARALLEL_GENERATE);
    }

    /** The most sequences at a time; 1 when only single ones are measured. */
    int mostSequences() {
        return parallel.isEmpty() ? 1 : parallel.getLast();
    }

    private static void require(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new WrongUsageException(option, value, "allowed are 1 to " + most);
        }
    }
}
