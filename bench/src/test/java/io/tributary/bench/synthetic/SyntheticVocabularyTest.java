package io.tributary.bench.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.tributary.checkpoints.GgufCheckpoint;
import io.tributary.checkpoints.GgufMetadata;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticVocabularyTest {
    @Test
    void aVocabularyOfRealSizeHasNoPieceTwiceAndEveryWordGrowsFromAShorterPiece() {
        List<String> pieces = new SyntheticVocabulary(32_000).pieces();
        assertThat(pieces).hasSize(32_000);
        assertThat(new HashSet<>(pieces)).hasSize(32_000);
        assertThat(pieces).startsWith("<unk>", "<s>", "</s>", "<0x00>").contains("<0xFF>", "\u2581abc");
        Set<String> known = new HashSet<>(pieces.subList(0, SyntheticVocabulary.SPECIAL + 27));
        for (String word : pieces.subList(SyntheticVocabulary.SPECIAL + 27, pieces.size())) {
            if (!known.contains(word.substring(0, word.length() - 1))) {
                fail("nothing in front of '" + word + "' can be merged into it");
            }
            known.add(word);
        }
    }

    @Test
    void aVocabularyWithoutRoomForAPieceIsRefused() {
        assertThatThrownBy(() -> new SyntheticVocabulary(259))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("259");
    }

    @Test
    void theFileStatesPiecesScoresAndTypes(@TempDir Path directory) {
        try (GgufCheckpoint file = GgufCheckpoint.open(TinyModel.dense(directory))) {
            GgufMetadata metadata = file.metadata();
            assertThat(metadata.strings("tokenizer.ggml.tokens")).hasSize(300);
            assertThat(metadata.integers("tokenizer.ggml.token_type"))
                    .startsWith(2, 3, 3, 6)
                    .endsWith(1);
            assertThat(metadata.reals("tokenizer.ggml.scores"))
                    .startsWith(0, 0, 0)
                    .endsWith(259 - 299);
            assertThat(metadata.integer("tokenizer.ggml.eos_token_id")).isEqualTo(2);
        }
    }
}
