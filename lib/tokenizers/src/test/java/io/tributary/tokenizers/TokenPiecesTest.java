package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenPiecesTest {
    @ParameterizedTest
    @ValueSource(strings = {"kjv", "gpt-2", "llama-spm", "bert-bge", "clip", "unigram-nfkc"})
    void thePiecesAreThoseOfTheTokenizer(String vocabulary) {
        TokenPieces pieces = TokenPieces.open(Tokenizers.path(vocabulary));
        try (Tokenizer tokenizer = Tokenizers.named(vocabulary)) {
            assertThat(pieces.size()).isEqualTo(tokenizer.vocabularySize());
            assertThat(pieces.specialIds()).isEqualTo(tokenizer.specialIds());
            for (int id = 0; id < pieces.size(); id++) {
                assertThat(pieces.piece(id)).as("piece %d", id).isEqualTo(tokenizer.piece(id));
            }
        }
    }

    @Test
    void whatEndsATextIsKnownFromTheFiles() {
        assertThat(TokenPieces.open(Tokenizers.SHIPPED_MODEL).endOfTextIds()).containsExactly(0);
        assertThat(TokenPieces.open(Tokenizers.path("gpt-2")).endOfTextIds()).containsExactly(50256);
        assertThat(TokenPieces.open(Tokenizers.path("llama-spm")).endOfTextIds())
                .containsExactly(2);
    }

    @Test
    void anIdOutsideTheVocabularyIsNamed() {
        TokenPieces pieces = TokenPieces.open(Tokenizers.SHIPPED_MODEL);
        assertThatThrownBy(() -> pieces.piece(pieces.size()))
                .isInstanceOf(UnknownTokenException.class)
                .hasMessageContaining("2048");
        assertThatThrownBy(() -> TokenPieces.open(Path.of("absent.gguf")))
                .isInstanceOf(TokenizerNotFoundException.class)
                .hasMessageContaining("absent.gguf");
    }
}
