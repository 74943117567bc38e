package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.checkpoints.GgufValueType;
import io.tributary.checkpoints.GgufWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares with what SentencePiece itself says. */
class SentencePieceGoldenTest {
    private static final int END = 2;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"unigram-nfkc", "unigram-bytes", "unigram-suffix", "bpe-nfkc"})
    void everyTextHasTheIdsOfSentencePieceWhateverIsNormalized(String model) {
        try (Tokenizer tokenizer = Tokenizers.named(model)) {
            assertGolden(tokenizer, model);
        }
    }

    @Test
    void unigramsOfAGgufFileHaveTheSameIds() {
        SentencePieceFile model = SentencePieceFile.named("unigram-nfkc");
        Path file = directory.resolve("unigram.gguf");
        long[] types =
                model.pieces.stream().mapToLong(piece -> piece.type().number()).toArray();
        byte[] characters = model.characters;
        new GgufWriter()
                .string("tokenizer.ggml.model", "t5")
                .strings(
                        "tokenizer.ggml.tokens",
                        model.pieces.stream().map(VocabularyPiece::text).toList())
                .integers("tokenizer.ggml.token_type", GgufValueType.INT32, types)
                .reals(
                        "tokenizer.ggml.scores",
                        GgufValueType.FLOAT32,
                        model.pieces.stream()
                                .mapToDouble(VocabularyPiece::score)
                                .toArray())
                .integers(
                        "tokenizer.ggml.precompiled_charsmap",
                        GgufValueType.UINT8,
                        IntStream.range(0, characters.length)
                                .mapToLong(index -> Byte.toUnsignedInt(characters[index]))
                                .toArray())
                .flag("tokenizer.ggml.add_space_prefix", true)
                .flag("tokenizer.ggml.remove_extra_whitespaces", true)
                .integer("tokenizer.ggml.eos_token_id", END)
                .write(file);
        try (Tokenizer tokenizer = Tokenizers.open(file)) {
            assertGolden(tokenizer, "unigram-nfkc");
            assertThat(tokenizer.encode("a", true))
                    .as("a text is ended, not begun")
                    .containsExactly(23, END);
            assertThat(tokenizer.addsBeginningOfText()).isFalse();
        }
    }

    /** The engine normalizes in its own way, which differs for clusters of characters; words are the same. */
    @Test
    void unigramsOfATokenizerJsonHaveTheSameIds() throws IOException {
        writeTokenizerJson(SentencePieceFile.named("unigram-nfkc"));
        try (Tokenizer tokenizer = Tokenizers.open(directory)) {
            List<SentencePieceGolden> plain = SentencePieceGolden.of("unigram-nfkc").stream()
                    .filter(golden -> golden.text().matches("[\\p{Alnum}\\p{Punct}\uFB01\u00BD ]*"))
                    .filter(golden -> !golden.text().contains("<tag>"))
                    .toList();
            assertThat(plain).hasSizeGreaterThan(5);
            for (SentencePieceGolden golden : plain) {
                assertThat(tokenizer.encode(golden.text(), false))
                        .as(golden.text())
                        .isEqualTo(golden.idArray());
                assertThat(tokenizer.decode(golden.idArray(), true)).isEqualTo(golden.decoded());
            }
            assertThat(tokenizer.encode("a", true)).containsExactly(23, END);
            assertThat(tokenizer.addsBeginningOfText()).isFalse();
            assertThat(tokenizer.specialIds()).containsExactly(0, 1, END, 502);
            for (String name : List.of("<s>", "</s>", "a</s>", "<extra_id_0>")) {
                assertThat(tokenizer.encode(name, false)).as(name).doesNotContain(1, END, 502);
            }
            assertThat(tokenizer.encode("<added>", false)).contains(504);
        }
    }

    @Test
    void aBrokenCharacterMapInATokenizerJsonIsRefusedBeforeTheEngineSeesIt() throws IOException {
        SentencePieceFile model = SentencePieceFile.named("unigram-nfkc");
        Arrays.fill(model.characters, 4, 1000, (byte) -1);
        writeTokenizerJson(model);
        assertThatThrownBy(() -> Tokenizers.open(directory))
                .isInstanceOf(MalformedTokenizerException.class)
                .hasMessageContaining("tokenizer.json: the index of its character map leads out of it");
    }

    private static void assertGolden(Tokenizer tokenizer, String model) {
        List<SentencePieceGolden> goldens = SentencePieceGolden.of(model);
        assertThat(goldens).hasSize(157);
        for (SentencePieceGolden golden : goldens) {
            assertThat(tokenizer.encode(golden.text(), false))
                    .as("'%s'", golden.text())
                    .isEqualTo(golden.idArray());
            if (!golden.hasUnknown()) {
                assertThat(tokenizer.decode(golden.idArray(), true))
                        .as("'%s'", golden.text())
                        .isEqualTo(asGiven(golden.decoded(), model));
            }
        }
    }

    /** SentencePiece leaves a space that it put behind a text; here the text comes back as it was given. */
    private static String asGiven(String decoded, String model) {
        return model.equals("unigram-suffix") && decoded.endsWith(" ")
                ? decoded.substring(0, decoded.length() - 1)
                : decoded;
    }

    private void writeTokenizerJson(SentencePieceFile model) throws IOException {
        ObjectNode json = (ObjectNode) new ObjectMapper().readTree("""
                {"version": "1.0", "truncation": null, "padding": null,
                 "added_tokens": [
                   {"id": 0, "content": "<unk>", "special": true}, {"id": 1, "content": "<s>", "special": true},
                   {"id": 2, "content": "</s>", "special": true}, {"id": 502, "content": "<extra_id_0>", "special": true},
                   {"id": 504, "content": "<added>", "single_word": false, "lstrip": false, "rstrip": false,
                    "normalized": false, "special": false}],
                 "normalizer": {"type": "Sequence", "normalizers": [{"type": "Precompiled", "precompiled_charsmap": ""},
                   {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
                   {"type": "Strip", "strip_left": true, "strip_right": true}]},
                 "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true},
                 "post_processor": {"type": "TemplateProcessing",
                   "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
                   "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
                   "special_tokens": {"</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]}}},
                 "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true},
                 "model": {"type": "Unigram", "unk_id": 0, "vocab": []}}
                """);
        ((ObjectNode) json.path("normalizer").path("normalizers").path(0))
                .put("precompiled_charsmap", Base64.getEncoder().encodeToString(model.characters));
        for (VocabularyPiece piece : model.pieces) {
            json.withObject("model")
                    .withArray("vocab")
                    .addArray()
                    .add(piece.text())
                    .add(piece.score());
        }
        Files.writeString(directory.resolve("tokenizer.json"), json.toString());
    }
}
