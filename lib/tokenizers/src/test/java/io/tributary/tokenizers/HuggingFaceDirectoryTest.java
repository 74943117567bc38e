package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceDirectoryTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String LLAMA_STEPS = """
            "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"},
              {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
            "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
              {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private ObjectNode shipped;

    @BeforeEach
    void readTheShippedTokenizer() {
        shipped = JsonFile.read(Tokenizers.SHIPPED_MODEL.resolve("tokenizer.json"));
    }

    @Test
    void aBeginningThatThePostProcessorAddsIsNotDoubled() throws IOException {
        shipped.set("post_processor", MAPPER.readTree("""
                {"type": "TemplateProcessing",
                 "single": [{"SpecialToken": {"id": "<eos>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                 "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                 "special_tokens": {"<eos>": {"id": "<eos>", "ids": [0], "tokens": ["<eos>"]}}}
                """));
        write(shipped, "{\"add_bos_token\": true, \"bos_token\": {\"content\": \"<eos>\"}}");
        assertBeginsOnce();
        Files.delete(directory.resolve("tokenizer_config.json"));
        assertBeginsOnce();
    }

    private void assertBeginsOnce() {
        try (Tokenizer tokenizer = Tokenizers.open(directory)) {
            assertThat(tokenizer.encode("In the beginning", true)).containsExactly(0, 1147, 259, 1799, 1258);
            assertThat(tokenizer.encode("In the beginning", false)).containsExactly(1147, 259, 1799, 1258);
            assertThat(tokenizer.beginningOfText()).hasValue(0);
            assertThat(tokenizer.addsBeginningOfText()).isTrue();
        }
    }

    @Test
    void addedTokensThatAreNotSpecialKeepTheirIdsAndAreFound() throws IOException {
        ArrayNode added = (ArrayNode) shipped.get("added_tokens");
        added.add(addedToken(2048, "<|turn|>", true));
        added.add(addedToken(2049, "<tool>", false));
        added.add(addedToken(2055, "<é>", false));
        write(shipped, "{}");
        try (Tokenizer tokenizer = Tokenizers.open(directory)) {
            assertThat(tokenizer.vocabularySize()).isEqualTo(2056);
            assertThat(tokenizer.encode("<tool><é>", false)).containsExactly(2049, 2055);
            assertThat(tokenizer.encode("<|turn|>", false)).isNotEmpty().doesNotContain(2048);
            assertThat(tokenizer.decode(new int[] {2049, 2048, 2055, 2050}, true))
                    .isEqualTo("<tool><é>");
            assertThat(tokenizer.decode(new int[] {2049, 2048}, false)).isEqualTo("<tool><|turn|>");
            assertThat(tokenizer.piece(2050)).isEmpty();
            assertThat(tokenizer.specialIds()).containsExactly(0, 2048);
            assertThat(tokenizer.encode("a", true))
                    .as("nothing asks for a beginning")
                    .hasSize(1);
        }
    }

    @Test
    void aTokenThatTheConfigurationGivesARoleIsSpecial() throws IOException {
        ((ArrayNode) shipped.get("added_tokens")).add(addedToken(2048, "<|end|>", false));
        write(shipped, "{\"eos_token\": \"<|end|>\", \"additional_special_tokens\": [\" the\"]}");
        try (Tokenizer tokenizer = Tokenizers.open(directory)) {
            assertThat(tokenizer.specialIds()).containsExactly(0, 2048);
            assertThat(tokenizer.encode("<|end|>", false)).doesNotContain(2048);
        }
    }

    @Test
    void truncationAndPaddingOfTheFileAreSwitchedOff() throws IOException {
        shipped.set("truncation", MAPPER.readTree("""
                {"direction": "Right", "max_length": 3, "strategy": "LongestFirst", "stride": 0}
                """));
        shipped.set("padding", MAPPER.readTree("""
                {"strategy": {"Fixed": 9000}, "direction": "Right", "pad_to_multiple_of": null, "pad_id": 0,
                 "pad_type_id": 0, "pad_token": "<eos>"}
                """));
        write(shipped, "{}");
        try (Tokenizer tokenizer = Tokenizers.open(directory)) {
            assertThat(tokenizer.encode("1".repeat(8000), false)).hasSize(8000);
        }
    }

    @Test
    void sentencePieceVocabulariesAreReadWithTheirSpaces() throws IOException {
        write(llamaStyle(LLAMA_STEPS), "{\"bos_token\": \"<s>\", \"add_bos_token\": true}");
        try (Tokenizer tokenizer = Tokenizers.open(directory)) {
            assertThat(tokenizer.encode("a ab", true)).containsExactly(1, 5, 2, 4);
            assertThat(tokenizer.decode(new int[] {1, 5, 2, 4}, true)).isEqualTo("a ab");
            assertThat(tokenizer.encode("<s>", false)).doesNotContain(1);
            assertThat(tokenizer.piece(5)).isEqualTo(" a".getBytes(StandardCharsets.UTF_8));
            assertThat(tokenizer.piece(6)).containsExactly('\n');
        }
    }

    @Test
    void aMetaspaceDecoderDropsTheFirstSpaceUnlessNoneIsPrepended() throws IOException {
        write(llamaStyle("\"decoder\": " + metaspace("always")), "{}");
        try (Tokenizer tokenizer = Tokenizers.open(directory)) {
            assertThat(tokenizer.decode(new int[] {5, 5}, true)).isEqualTo("a a");
        }
        write(llamaStyle("\"decoder\": " + metaspace("never")), "{}");
        try (Tokenizer tokenizer = Tokenizers.open(directory)) {
            assertThat(tokenizer.decode(new int[] {5, 5}, true)).isEqualTo(" a a");
        }
    }

    @Test
    void whatIsNotSupportedYetIsSaid() throws IOException {
        ((ObjectNode) shipped.get("model")).put("type", "WordLevel");
        write(shipped, "{}");
        assertThatThrownBy(() -> Tokenizers.open(directory))
                .isInstanceOf(UnsupportedTokenizerException.class)
                .hasMessageContaining("'WordLevel' is not known; known are BPE, WordPiece and Unigram");
        write(llamaStyle("\"decoder\": {\"type\": \"CTC\"}"), "{}");
        assertThatThrownBy(() -> Tokenizers.open(directory))
                .isInstanceOf(UnsupportedTokenizerException.class)
                .hasMessageContaining("CTC");
    }

    @Test
    void whatIsBrokenIsRefusedWithItsPlace() throws IOException {
        write(shipped, "{\"bos_token\": \"<nothing>\"}");
        assertMalformed("bos_token in tokenizer_config.json is '<nothing>'");
        write(shipped, "{\"add_bos_token\": true}");
        assertMalformed("names none");
        write(shipped, "{\"add_bos_token\": \"yes\"}");
        assertMalformed("'add_bos_token' is \"yes\"");
        write(shipped, "{}");
        ((ObjectNode) shipped.path("model").path("vocab")).put("!", -4);
        write(shipped, "{}");
        assertMalformed("the id of the token '!' is -4");
        ((ObjectNode) shipped.path("model").path("vocab")).remove("!");
        write(shipped, "{}");
        assertMalformed("no token for the byte 0x21");
        Files.writeString(directory.resolve("tokenizer.json"), "{\"model\": ");
        assertMalformed("it is no JSON");
        Files.delete(directory.resolve("tokenizer.json"));
        assertThatThrownBy(() -> Tokenizers.open(directory))
                .isInstanceOf(TokenizerNotFoundException.class)
                .hasMessageContaining(
                        "wanted is tokenizer.json, tokenizer.model, vocab.json with merges.txt, or vocab.txt");
    }

    private void assertMalformed(String message) {
        assertThatThrownBy(() -> Tokenizers.open(directory))
                .isInstanceOf(MalformedTokenizerException.class)
                .hasMessageContaining(message);
    }

    private static ObjectNode llamaStyle(String steps) throws IOException {
        String json = """
                {"version": "1.0", "added_tokens": [%s], %s,
                 "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true,
                  "vocab": {"<unk>": 0, "<s>": 1, "▁": 2, "b": 3, "ab": 4, "▁a": 5, "<0x0A>": 6, "a": 7},
                  "merges": [["a", "b"], ["▁", "a"]]}}
                """.formatted(addedToken(1, "<s>", true), steps);
        return (ObjectNode) MAPPER.readTree(json);
    }

    private static String metaspace(String scheme) {
        return """
                {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "%s", "split": false}
                """.formatted(scheme);
    }

    private static ObjectNode addedToken(int id, String content, boolean special) {
        ObjectNode token = MAPPER.createObjectNode().put("id", id).put("content", content);
        token.put("single_word", false).put("lstrip", false).put("rstrip", false);
        return token.put("normalized", false).put("special", special);
    }

    private void write(ObjectNode tokenizer, String configuration) throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), tokenizer.toString());
        Files.writeString(directory.resolve("tokenizer_config.json"), configuration);
    }
}
