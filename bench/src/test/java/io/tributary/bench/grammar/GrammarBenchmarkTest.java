package io.tributary.bench.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GrammarBenchmarkTest {
    @Test
    void everyTextIsOneOfItsGrammarAndIsMeasured() {
        GrammarBenchmark benchmark = new GrammarBenchmark(2_000);
        for (GrammarCase grammarCase : GrammarCase.all()) {
            GrammarFigures figures = benchmark.measure(grammarCase);
            assertThat(figures.tokens()).isGreaterThan(100);
            assertThat(figures.masks()).isBetween(2, figures.tokens());
            assertThat(figures.slowest()).isGreaterThanOrEqualTo(figures.found());
            assertThat(figures.line()).contains(grammarCase.name());
        }
    }

    @Test
    void piecesAreAsManyAsAskedForAndDiffer() {
        List<byte[]> pieces = GrammarPieces.of(32_000);
        Set<String> texts = new HashSet<>();
        pieces.forEach(piece -> texts.add(new String(piece, StandardCharsets.ISO_8859_1)));
        assertThat(pieces).hasSize(32_000);
        assertThat(texts).hasSize(32_000);
    }
}
