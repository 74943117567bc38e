package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.checkpoints.GgufCheckpoint;
import io.tributary.checkpoints.GgufMetadata;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Compares the derived merges with SentencePiece's own rule: join the best-scored neighbours, the leftmost first. */
class SentencePieceMergesTest {
    private static final int FIRST_BYTE_ID = 3;

    private final Map<String, Integer> ids = new HashMap<>();
    private double[] scores = {};

    @Test
    void theIdsAreThoseOfTheRuleOnRandomTextsAndRunsOfSpaces() {
        readVocabulary();
        try (Tokenizer tokenizer = Tokenizers.named("llama-spm")) {
            for (int spaces = 1; spaces <= 70; spaces++) {
                assertSame(tokenizer, "a" + " ".repeat(spaces) + "b");
            }
            for (long seed = 0; seed < 300; seed++) {
                assertSame(tokenizer, new RandomText(seed).next());
            }
        }
    }

    private void assertSame(Tokenizer tokenizer, String text) {
        assertThat(tokenizer.encode(text, false)).as("'%s'", text).isEqualTo(idsByTheRule(text));
    }

    private void readVocabulary() {
        try (GgufCheckpoint checkpoint = GgufCheckpoint.open(Tokenizers.path("llama-spm"))) {
            GgufMetadata metadata = checkpoint.metadata();
            List<String> texts = metadata.strings("tokenizer.ggml.tokens");
            long[] types = metadata.integers("tokenizer.ggml.token_type");
            scores = metadata.reals("tokenizer.ggml.scores");
            for (int id = 0; id < texts.size(); id++) {
                if (types[id] == PieceType.NORMAL.number()) {
                    ids.put(texts.get(id), id);
                }
            }
        }
    }

    private int[] idsByTheRule(String text) {
        if (text.isEmpty()) {
            return new int[0];
        }
        List<String> symbols = new ArrayList<>();
        (" " + text).replace(' ', '\u2581').codePoints().forEach(point -> symbols.add(Character.toString(point)));
        for (int best = bestPair(symbols); best >= 0; best = bestPair(symbols)) {
            symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
        }
        return symbols.stream()
                .flatMapToInt(symbol -> {
                    Integer id = ids.get(symbol);
                    return id == null ? bytes(symbol) : IntStream.of(id);
                })
                .toArray();
    }

    private int bestPair(List<String> symbols) {
        int best = -1;
        double bestScore = Double.NEGATIVE_INFINITY;
        for (int left = 0; left + 1 < symbols.size(); left++) {
            Integer id = ids.get(symbols.get(left) + symbols.get(left + 1));
            if (id != null && scores[id] > bestScore) {
                best = left;
                bestScore = scores[id];
            }
        }
        return best;
    }

    private static IntStream bytes(String symbol) {
        byte[] bytes = symbol.getBytes(StandardCharsets.UTF_8);
        return IntStream.range(0, bytes.length).map(index -> FIRST_BYTE_ID + Byte.toUnsignedInt(bytes[index]));
    }
}
