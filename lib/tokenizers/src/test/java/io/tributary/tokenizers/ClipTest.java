package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares with what OpenAI's tokenizer says. */
class ClipTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private record Golden(String text, String decoded, List<Integer> ids) {}

    private static final List<Golden> GOLDENS = List.of(
            new Golden("a diagram", "a diagram", List.of(320, 22697)),
            new Golden("a photo of a snake", "a photo of a snake", List.of(320, 1125, 539, 320, 8798)),
            new Golden(
                    "Hello, World!  It's 2024.",
                    "hello , world ! it 's 2 0 2 4 .",
                    List.of(3306, 267, 1002, 256, 585, 568, 273, 271, 273, 275, 269)),
            new Golden("naïve café", "naïve café", List.of(1097, 35689, 563, 15304)),
            new Golden("日本語", "日本語", List.of(39121, 44353, 34002, 508)),
            new Golden("emoji 😀 ok", "emoji 😀 ok", List.of(16327, 7334, 2481)),
            new Golden(" \t\n A\n\nDiagram  ", "a diagram", List.of(320, 22697)),
            new Golden("", "", List.of()));

    @Test
    void everyTextHasTheIdsOfTheReferenceBetweenItsBeginningAndEnd() {
        try (Tokenizer tokenizer = Tokenizers.named("clip")) {
            GOLDENS.forEach(golden -> assertGolden(tokenizer, golden));
        }
    }

    @Test
    void aTokenizerJsonHasTheSameIds() throws IOException {
        writeTokenizerJson();
        try (Tokenizer tokenizer = Tokenizers.open(directory)) {
            GOLDENS.forEach(golden -> assertGolden(tokenizer, golden));
        }
    }

    @Test
    void theNamesOfBeginningAndEndInATextArePlain() {
        try (Tokenizer tokenizer = Tokenizers.named("clip")) {
            assertThat(tokenizer.specialIds()).containsExactly(ClipVocabulary.BEGINNING, ClipVocabulary.END);
            for (String name : List.of("<|startoftext|>", "<|endoftext|>")) {
                int[] ids = tokenizer.encode("a " + name + name + "</w>", false);
                assertThat(ids).doesNotContain(ClipVocabulary.BEGINNING, ClipVocabulary.END);
                String spaced = name.replace("<|", "<| ").replace("|>", " |>");
                assertThat(tokenizer.decode(ids, true)).startsWith("a " + spaced.substring(0, spaced.length() - 3));
            }
        }
    }

    @Test
    void aSpaceEndsAWordButNotTheText() {
        try (Tokenizer tokenizer = Tokenizers.named("clip")) {
            assertThat(tokenizer.piece(320)).isEqualTo("a ".getBytes(StandardCharsets.UTF_8));
            IncrementalDecoder decoder = tokenizer.incrementalDecoder(new int[] {ClipVocabulary.BEGINNING});
            assertThat(decoder.append(320)).isEqualTo("a");
            assertThat(decoder.append(22697)).isEqualTo(" diagram");
            assertThat(decoder.append(ClipVocabulary.END)).isEmpty();
            assertThat(decoder.finish()).isEmpty();
            assertThat(tokenizer.incrementalDecoder(new int[] {320}).append(22697))
                    .isEqualTo(" diagram");
        }
    }

    private static void assertGolden(Tokenizer tokenizer, Golden golden) {
        assertThat(boxed(tokenizer.encode(golden.text(), false)))
                .as(golden.text())
                .isEqualTo(golden.ids());
        int[] framed = tokenizer.encode(golden.text(), true);
        assertThat(framed).startsWith(ClipVocabulary.BEGINNING).endsWith(ClipVocabulary.END);
        assertThat(boxed(framed).subList(1, framed.length - 1)).isEqualTo(golden.ids());
        assertThat(tokenizer.decode(framed, true)).isEqualTo(golden.decoded());
    }

    private static List<Integer> boxed(int[] ids) {
        return Arrays.stream(ids).boxed().toList();
    }

    private void writeTokenizerJson() throws IOException {
        ClipVocabulary.write(directory);
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = (ObjectNode) mapper.readTree("""
                {"version": "1.0", "truncation": null, "padding": null,
                 "added_tokens": [
                   {"id": 49406, "content": "<|startoftext|>", "single_word": false, "lstrip": false, "rstrip": false,
                    "normalized": true, "special": true},
                   {"id": 49407, "content": "<|endoftext|>", "single_word": false, "lstrip": false, "rstrip": false,
                    "normalized": false, "special": true}],
                 "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"},
                   {"type": "Replace", "pattern": {"Regex": "\\\\s+"}, "content": " "}, {"type": "Lowercase"}]},
                 "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
                   {"type": "Split", "pattern": {"Regex":
                      "'s|'t|'re|'ve|'m|'ll|'d|[\\\\p{L}]+|[\\\\p{N}]|[^\\\\s\\\\p{L}\\\\p{N}]+"},
                    "behavior": "Removed", "invert": true},
                   {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true}]},
                 "post_processor": {"type": "RobertaProcessing", "sep": ["<|endoftext|>", 49407],
                   "cls": ["<|startoftext|>", 49406], "trim_offsets": false, "add_prefix_space": false},
                 "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true},
                 "model": {"type": "BPE", "dropout": null, "unk_token": "<|endoftext|>",
                   "continuing_subword_prefix": "", "end_of_word_suffix": "</w>", "fuse_unk": false}}
                """);
        ObjectNode model = (ObjectNode) json.path("model");
        model.set("vocab", mapper.readTree(directory.resolve("vocab.json").toFile()));
        ClipVocabulary.merges().forEach(model.withArray("merges")::add);
        Files.writeString(directory.resolve("tokenizer.json"), json.toString());
        Files.delete(directory.resolve("vocab.json"));
        Files.delete(directory.resolve("merges.txt"));
    }
}
