package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.checkpoints.GgufValueType;
import io.tributary.checkpoints.GgufWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufVocabularyTest {
    private static final int START = SmallVocabulary.SENTENCE_PIECE_START;
    private static final int BYTE_START = SmallVocabulary.BYTE_LEVEL_START;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void theBeginningIsAddedUnlessTheFileSaysNo() {
        try (Tokenizer tokenizer =
                open(SmallVocabulary.sentencePiece().key("bos_token_id", 1).piece("\u2581a", PieceType.NORMAL))) {
            assertThat(tokenizer.addsBeginningOfText()).isTrue();
            assertThat(tokenizer.encode("", true)).containsExactly(1);
        }
        try (Tokenizer tokenizer = open(SmallVocabulary.sentencePiece()
                .key("bos_token_id", 1)
                .key("add_bos_token", false)
                .piece("\u2581a", PieceType.NORMAL))) {
            assertThat(tokenizer.beginningOfText()).hasValue(1);
            assertThat(tokenizer.addsBeginningOfText()).isFalse();
            assertThat(tokenizer.encode("", true)).isEmpty();
        }
        try (Tokenizer tokenizer = open(SmallVocabulary.byteLevel("gpt-2")
                .piece("<s>", PieceType.CONTROL)
                .key("bos_token_id", BYTE_START))) {
            assertThat(tokenizer.beginningOfText()).hasValue(BYTE_START);
            assertThat(tokenizer.addsBeginningOfText()).isFalse();
        }
    }

    @Test
    void aTextGetsNoSpaceInFrontWhenTheFileSaysSo() {
        SmallVocabulary vocabulary = SmallVocabulary.sentencePiece()
                .key("add_space_prefix", false)
                .piece("a", PieceType.NORMAL)
                .piece("\u2581", PieceType.NORMAL)
                .piece("\u2581a", PieceType.NORMAL, -1);
        try (Tokenizer tokenizer = open(vocabulary)) {
            assertThat(tokenizer.encode("a a", false)).containsExactly(START, START + 2);
            assertThat(tokenizer.encode(" a", false)).containsExactly(START + 2);
            assertThat(tokenizer.decode(new int[] {START + 2}, true)).isEqualTo(" a");
        }
    }

    @Test
    void aUserDefinedPieceIsFoundAsAWholeAndTheTextComesBack() {
        SmallVocabulary vocabulary = SmallVocabulary.sentencePiece()
                .piece("\u2581", PieceType.NORMAL)
                .piece("<tag>", PieceType.USER_DEFINED)
                .piece("a", PieceType.NORMAL);
        try (Tokenizer tokenizer = open(vocabulary)) {
            assertThat(tokenizer.encode("a<tag>a <tag>", false))
                    .containsExactly(START, START + 2, START + 1, START + 2, START, START + 1);
            assertThat(tokenizer.decode(tokenizer.encode("a<tag>a <tag>", false), true))
                    .isEqualTo("a<tag>a <tag>");
            assertThat(tokenizer.specialIds()).containsExactly(0, 1, 2);
        }
        SmallVocabulary byteLevel = SmallVocabulary.byteLevel("llama-bpe").piece("<é tag>", PieceType.USER_DEFINED);
        try (Tokenizer tokenizer = open(byteLevel)) {
            assertThat(tokenizer.encode("a<é tag>", false)).containsExactly('a', BYTE_START);
            assertThat(tokenizer.piece(BYTE_START)).isEqualTo("<é tag>".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void whatEndsATextIsSpecialWhateverItsType() {
        SmallVocabulary vocabulary = SmallVocabulary.byteLevel("gpt-2")
                .piece("<|im_end|>", PieceType.USER_DEFINED)
                .key("eos_token_id", BYTE_START);
        try (Tokenizer tokenizer = open(vocabulary)) {
            assertThat(tokenizer.specialIds()).containsExactly(BYTE_START);
            assertThat(tokenizer.encode("<|im_end|>", false)).hasSize(10).doesNotContain(BYTE_START);
        }
    }

    @Test
    void aVocabularyThatCannotExpressAllTextsIsRefused() {
        GgufWriter withoutBytes = sentencePieceWriter(List.of("<s>", "a"), 3, 1);
        assertThatThrownBy(() -> open(withoutBytes))
                .isInstanceOf(MalformedTokenizerException.class)
                .hasMessageContaining("0 of the 256 byte tokens and no unknown token");
        GgufWriter withUnknown = sentencePieceWriter(List.of("<unk>", "a", "\u2581"), 2, 1, 1);
        try (Tokenizer tokenizer = open(withUnknown)) {
            assertThat(tokenizer.encode("axy", false)).containsExactly(2, 1, 0);
        }
    }

    @Test
    void whatContradictsItselfIsRefusedWithTheValue() {
        assertMalformed(SmallVocabulary.sentencePiece().key("bos_token_id", 4000), "bos_token_id is 4000");
        assertMalformed(SmallVocabulary.sentencePiece().key("add_bos_token", true), "names none");
        assertMalformed(SmallVocabulary.byteLevel("gpt-2").merge("q", "zz"), "'q zz' uses or makes a text");
        GgufWriter unequal = sentencePieceWriter(List.of("<unk>", "a"), 2);
        assertThatThrownBy(() -> open(unequal))
                .isInstanceOf(MalformedTokenizerException.class)
                .hasMessageContaining("token_type has 1 entries, but there are 2 tokens");
        GgufWriter unknownType = sentencePieceWriter(List.of("<unk>", "a"), 2, 9);
        assertThatThrownBy(() -> open(unknownType))
                .isInstanceOf(MalformedTokenizerException.class)
                .hasMessageContaining("the token 1 has the type 9");
    }

    @Test
    void anotherKindOfTokenizerIsNamedWithTheSupportedOnes() {
        assertThatThrownBy(() -> open(new GgufWriter().string("tokenizer.ggml.model", "rwkv")))
                .isInstanceOf(UnsupportedTokenizerException.class)
                .hasMessageContaining("'rwkv'")
                .hasMessageContaining(
                        "llama (SentencePiece BPE), t5 (SentencePiece Unigram), gpt2 (byte-level BPE) and bert (WordPiece)");
        assertThatThrownBy(() -> open(new GgufWriter().string("tokenizer.ggml.model", "gpt2")))
                .isInstanceOf(UnsupportedTokenizerException.class)
                .hasMessageContaining("tokenizer.ggml.pre is missing");
        assertThatThrownBy(() -> open(new GgufWriter().string("general.name", "none")))
                .isInstanceOf(TokenizerNotFoundException.class)
                .hasMessageContaining("tokenizer.ggml.model");
        assertThatThrownBy(() -> Tokenizers.open(directory.resolve("absent.gguf")))
                .isInstanceOf(TokenizerNotFoundException.class)
                .hasMessageContaining("absent.gguf");
    }

    private void assertMalformed(SmallVocabulary vocabulary, String message) {
        assertThatThrownBy(() -> open(vocabulary))
                .isInstanceOf(MalformedTokenizerException.class)
                .hasMessageContaining(message);
    }

    private static GgufWriter sentencePieceWriter(List<String> texts, long... types) {
        return new GgufWriter()
                .string("tokenizer.ggml.model", "llama")
                .strings("tokenizer.ggml.tokens", texts)
                .integers("tokenizer.ggml.token_type", GgufValueType.INT32, types)
                .reals("tokenizer.ggml.scores", GgufValueType.FLOAT32, new double[texts.size()]);
    }

    private Tokenizer open(SmallVocabulary vocabulary) {
        return Tokenizers.open(vocabulary.write(directory));
    }

    private Tokenizer open(GgufWriter writer) {
        Path file = directory.resolve("written.gguf");
        writer.write(file);
        return Tokenizers.open(file);
    }
}
