package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.checkpoints.GgufCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergesDirectoryTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void theVocabularyOfGpt2HasTheIdsOfTheReference() throws IOException {
        writeGpt2();
        configure("{\"tokenizer_class\": \"GPT2Tokenizer\", \"eos_token\": \"<|endoftext|>\"}");
        List<String> texts = Tokenizers.goldenTexts();
        List<int[]> ids = Tokenizers.goldenIds("gpt-2");
        try (Tokenizer tokenizer = Tokenizers.open(directory)) {
            for (int index = 0; index < texts.size(); index++) {
                assertThat(tokenizer.encode(texts.get(index), true)).isEqualTo(ids.get(index));
                assertThat(tokenizer.decode(ids.get(index), true)).isEqualTo(texts.get(index));
            }
            assertThat(tokenizer.specialIds()).containsExactly(50256);
            assertThat(tokenizer.encode("<|endoftext|>", false)).doesNotContain(50256);
        }
        assertThat(TokenPieces.open(directory).endOfTextIds()).containsExactly(50256);
    }

    @Test
    void theClassSaysHowTextsAreCutAndWhatStandsAroundThem() throws IOException {
        writeBytes("#version: 0.2\n1 1\n", "<s>", "</s>", "11");
        configure("{\"tokenizer_class\": \"RobertaTokenizer\", \"bos_token\": \"<s>\", \"eos_token\": \"</s>\"}");
        try (Tokenizer tokenizer = Tokenizers.open(directory)) {
            assertThat(tokenizer.encode("11", true)).containsExactly(256, 258, 257);
            assertThat(tokenizer.encode("<s>11", false)).containsExactly('<', 's', '>', 258);
        }
        configure("{\"tokenizer_class\": \"Qwen2TokenizerFast\"}");
        try (Tokenizer tokenizer = Tokenizers.open(directory)) {
            assertThat(tokenizer.encode("11", true)).containsExactly('1', '1');
            assertThat(tokenizer.encode("e\u0301", false)).containsExactly(0xC3, 0xA9);
        }
        Files.delete(directory.resolve("tokenizer_config.json"));
        try (Tokenizer tokenizer = Tokenizers.open(directory)) {
            assertThat(tokenizer.encode("11", true)).containsExactly(258);
        }
    }

    @Test
    void tokensThatAreAddedBesideTheVocabularyHaveTheirIds() throws IOException {
        writeBytes("", "<s>");
        Files.writeString(directory.resolve("added_tokens.json"), "{\"<tool>\": 300}");
        configure("""
                {"tokenizer_class": "GPT2Tokenizer",
                 "added_tokens_decoder": {"301": {"content": "<|turn|>", "special": true}, "302": {"content": "<note>"}}}
                """);
        try (Tokenizer tokenizer = Tokenizers.open(directory)) {
            assertThat(tokenizer.encode("a<tool><note>", false)).containsExactly('a', 300, 302);
            assertThat(tokenizer.encode("<|turn|>", false)).doesNotContain(301);
            assertThat(tokenizer.specialIds()).contains(301);
            assertThat(tokenizer.vocabularySize()).isEqualTo(303);
        }
    }

    @Test
    void whatIsUnknownOrBrokenIsSaid() throws IOException {
        writeBytes("");
        configure("{\"tokenizer_class\": \"XLMTokenizer\"}");
        assertThatThrownBy(() -> Tokenizers.open(directory))
                .isInstanceOf(UnsupportedTokenizerException.class)
                .hasMessageContaining("'XLMTokenizer'")
                .hasMessageContaining("Bart, CLIP, CodeGen, GPT2, LED, Longformer, Qwen2, Roberta, Whisper");
        configure("{}");
        for (String line : List.of("a", "a b c", "a ", " a")) {
            Files.writeString(directory.resolve("merges.txt"), "#version: 0.2\n" + line + "\n");
            assertThatThrownBy(() -> Tokenizers.open(directory))
                    .isInstanceOf(MalformedTokenizerException.class)
                    .hasMessageContaining("merges.txt: line 2 is '" + line + "'");
        }
        configure("{\"added_tokens_decoder\": {\"x\": {\"content\": \"<a>\"}}}");
        Files.writeString(directory.resolve("merges.txt"), "");
        assertThatThrownBy(() -> Tokenizers.open(directory))
                .isInstanceOf(MalformedTokenizerException.class)
                .hasMessageContaining("the id of the token '<a>' is -1");
    }

    private void writeGpt2() throws IOException {
        try (GgufCheckpoint checkpoint = GgufCheckpoint.open(Tokenizers.path("gpt-2"))) {
            ObjectNode ids = JsonNodeFactory.instance.objectNode();
            checkpoint.metadata().strings("tokenizer.ggml.tokens").forEach(entry -> ids.put(entry, ids.size()));
            Files.writeString(directory.resolve("vocab.json"), ids.toString());
            List<String> merges = checkpoint.metadata().strings("tokenizer.ggml.merges");
            Files.writeString(directory.resolve("merges.txt"), "#version: 0.2\n" + String.join("\n", merges) + "\n");
        }
    }

    /** Writes a vocabulary of all bytes under their own numbers, and further entries. */
    private void writeBytes(String merges, String... further) throws IOException {
        ObjectNode ids = JsonNodeFactory.instance.objectNode();
        for (int value = 0; value < 256; value++) {
            ids.put(String.valueOf(ByteLevelAlphabet.character(value)), value);
        }
        for (String entry : further) {
            ids.put(entry, ids.size());
        }
        Files.writeString(directory.resolve("vocab.json"), ids.toString());
        Files.writeString(directory.resolve("merges.txt"), merges);
    }

    private void configure(String json) throws IOException {
        Files.writeString(directory.resolve("tokenizer_config.json"), json);
    }
}
