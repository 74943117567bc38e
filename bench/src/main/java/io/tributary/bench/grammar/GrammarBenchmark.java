package io.tributary.bench.grammar;

import io.tributary.grammars.CompiledGrammar;
import io.tributary.grammars.GrammarState;
import io.tributary.grammars.TokenVocabulary;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Measures the masks along a text: once with nothing cached, then again. Times are of the processor, not of the clock. */
final class GrammarBenchmark {
    private static final int ROUNDS = 15;
    private static final int LONGEST = 32;

    private final TokenVocabulary vocabulary;
    private final Map<ByteBuffer, Integer> tokens = new HashMap<>();

    GrammarBenchmark(int size) {
        List<byte[]> pieces = GrammarPieces.of(size);
        this.vocabulary = TokenVocabulary.of(pieces.size(), pieces::get, token -> token == GrammarPieces.END_OF_TEXT);
        for (int token = 1; token < pieces.size(); token++) {
            tokens.put(ByteBuffer.wrap(pieces.get(token)), token);
        }
    }

    /**
     * The medians of some rounds, each with a grammar that has cached nothing; the first ones also warm the program up.
     */
    GrammarFigures measure(GrammarCase grammarCase) {
        int[] text = tokensOf(grammarCase.text());
        List<GrammarFigures> rounds = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            rounds.add(round(grammarCase, text));
        }
        return GrammarFigures.medians(rounds);
    }

    private GrammarFigures round(GrammarCase grammarCase, int[] text) {
        CompiledGrammar grammar =
                CompiledGrammar.of(grammarCase.grammar(), vocabulary, Set.of(GrammarPieces.END_OF_TEXT));
        Set<long[]> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        double found = 0;
        double slowest = 0;
        double total = 0;
        GrammarState state = grammar.start();
        for (int token : text) {
            long start = processorNanos();
            long[] mask = state.allowed();
            double micros = (processorNanos() - start) / 1e3;
            state = state.next(token);
            total += (processorNanos() - start) / 1e3;
            if (seen.add(mask)) {
                found += micros;
                slowest = Math.max(slowest, micros);
            }
        }
        return new GrammarFigures(
                grammarCase.name(),
                text.length,
                seen.size(),
                found / seen.size(),
                slowest,
                again(grammar, text),
                total / text.length);
    }

    /** Microseconds of a mask and a step when all masks are cached. */
    private static double again(CompiledGrammar grammar, int[] text) {
        long start = processorNanos();
        GrammarState state = grammar.start();
        long bits = 0;
        for (int token : text) {
            bits += state.allowed()[token >> 6];
            state = state.next(token);
        }
        double micros = (processorNanos() - start) / 1e3 / text.length;
        if (!state.complete() || bits == 0) {
            throw new IllegalStateException("the text of a benchmark is not whole");
        }
        return micros;
    }

    /** What this thread has used, so that other programs of the machine do not count. */
    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** The text in the longest pieces that fit. */
    private int[] tokensOf(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<Integer> found = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int length = Math.min(LONGEST, bytes.length - at);
            while (!tokens.containsKey(ByteBuffer.wrap(Arrays.copyOfRange(bytes, at, at + length)))) {
                length--;
            }
            found.add(tokens.get(ByteBuffer.wrap(Arrays.copyOfRange(bytes, at, at + length))));
            at += length;
        }
        return found.stream().mapToInt(Integer::intValue).toArray();
    }
}
