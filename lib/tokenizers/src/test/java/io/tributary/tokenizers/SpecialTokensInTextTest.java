package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpecialTokensInTextTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kjv",
                "gpt-2",
                "llama-spm",
                "phi-3",
                "refact",
                "starcoder",
                "mpt",
                "deepseek-coder",
                "baichuan",
                "unigram-bytes"
            })
    void theNameOfEverySpecialTokenIsPlainText(String vocabulary) {
        try (Tokenizer tokenizer = Tokenizers.named(vocabulary)) {
            assertThat(tokenizer.specialIds()).isNotEmpty();
            for (int special : tokenizer.specialIds()) {
                String name = tokenizer.decode(new int[] {special}, false);
                for (String text : List.of(name, "a" + name + "b", " " + name + " ", name + name)) {
                    assertPlain(tokenizer, text, special);
                }
            }
        }
    }

    /** These do not give every text back; and where a character has no piece, the unknown token stands for it. */
    @ParameterizedTest
    @ValueSource(strings = {"bert-bge", "clip", "unigram-nfkc", "unigram-suffix", "bpe-nfkc"})
    void theNameOfEverySpecialTokenIsPlainTextWhereTextsAreNormalizedToo(String vocabulary) {
        try (Tokenizer tokenizer = Tokenizers.named(vocabulary)) {
            for (int special : tokenizer.specialIds()) {
                String name = tokenizer.decode(new int[] {special}, false);
                boolean isUnknown = name.equals("<unk>");
                for (String text : List.of(name, "a" + name + "b", " " + name + " ", name + name)) {
                    int[] ids = tokenizer.encode(text, false);
                    assertThat(ids).as(text).isNotEmpty();
                    assertThat(IntStream.of(ids).filter(id -> id == special).count())
                            .as(text)
                            .isLessThan(isUnknown ? ids.length : 1);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "llama-bpe", "default", "qwen2"})
    void mergesThatWouldMakeASpecialTokenAreLeftOut(String preTokenizer) {
        int special = SmallVocabulary.BYTE_LEVEL_START;
        Path file = SmallVocabulary.byteLevel(preTokenizer)
                .piece("eos", PieceType.CONTROL)
                .piece("eo", PieceType.NORMAL)
                .merge("e", "o")
                .merge("eo", "s")
                .write(directory);
        try (Tokenizer tokenizer = Tokenizers.open(file)) {
            assertPlain(tokenizer, "eos", special);
            assertThat(tokenizer.encode("eos", false)).containsExactly(special + 1, 's');
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<|im_start|>", "<\uFF5Cfim\u2581hole\uFF5C>", "</s>", "<pad>", "<unused12>"})
    void aTokenThatLooksLikeControlIsSpecialThoughTheFileCallsItUserDefined(String name) {
        Path file = SmallVocabulary.byteLevel("gpt-2")
                .piece(name, PieceType.USER_DEFINED)
                .piece("[PAD257]", PieceType.USER_DEFINED)
                .piece("<tag>", PieceType.USER_DEFINED)
                .write(directory);
        try (Tokenizer tokenizer = Tokenizers.open(file)) {
            int special = SmallVocabulary.BYTE_LEVEL_START;
            assertThat(tokenizer.specialIds()).containsExactly(special);
            assertPlain(tokenizer, name, special);
            assertThat(tokenizer.encode("[PAD257]", false)).hasSize(8);
            assertThat(tokenizer.encode("<tag>", false)).containsExactly(special + 2);
        }
    }

    @Test
    void aControlPieceIsNeverPutTogetherFromItsParts() {
        int start = SmallVocabulary.SENTENCE_PIECE_START;
        Path file = SmallVocabulary.sentencePiece()
                .piece("<", PieceType.NORMAL)
                .piece("s>", PieceType.NORMAL, -1)
                .piece("s", PieceType.NORMAL)
                .piece(">", PieceType.NORMAL)
                .piece("\u2581", PieceType.NORMAL)
                .write(directory);
        try (Tokenizer tokenizer = Tokenizers.open(file)) {
            assertThat(tokenizer.encode("<s>", false)).containsExactly(start + 4, start, start + 1);
            assertPlain(tokenizer, "<s>", 1);
            assertPlain(tokenizer, "<unk>", 0);
        }
    }

    private static void assertPlain(Tokenizer tokenizer, String text, int special) {
        int[] ids = tokenizer.encode(text, false);
        assertThat(ids).as(text).isNotEmpty().doesNotContain(special);
        assertThat(tokenizer.decode(ids, true)).isEqualTo(text);
    }
}
