package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.checkpoints.GgufCheckpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordPieceTest {
    private static final int UNKNOWN = 100;
    private static final int CLASSIFIER = 101;
    private static final int SEPARATOR = 102;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void everyGoldenTextHasTheIdsOfTheReference() {
        try (Tokenizer tokenizer = Tokenizers.named("bert-bge")) {
            assertGolden(tokenizer);
        }
    }

    @Test
    void aVocabularyAsTextHasTheSameIds() throws IOException {
        writeVocabularyText();
        try (Tokenizer tokenizer = Tokenizers.open(directory);
                Tokenizer gguf = Tokenizers.named("bert-bge")) {
            assertGolden(tokenizer);
            assertThat(tokenizer.specialIds()).isEqualTo(gguf.specialIds());
            for (int id = 0; id < gguf.vocabularySize(); id++) {
                assertThat(tokenizer.piece(id)).as("piece %d", id).isEqualTo(gguf.piece(id));
            }
        }
    }

    @Test
    void aTokenizerJsonHasTheSameIds() throws IOException {
        writeVocabularyText();
        ObjectNode json = tokenizerJson();
        Files.delete(directory.resolve("vocab.txt"));
        Files.writeString(directory.resolve("tokenizer.json"), json.toString());
        try (Tokenizer tokenizer = Tokenizers.open(directory)) {
            assertGolden(tokenizer);
            assertThat(tokenizer.encode("Hello", true)).containsExactly(CLASSIFIER, 7592, SEPARATOR);
            assertThat(tokenizer.specialIds()).containsExactly(0, UNKNOWN, CLASSIFIER, SEPARATOR, 103);
        }
    }

    /** The decoding of BERT: lower case, no accents, one space between words, none in front of . ? ! and comma. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                Hello World!                    | hello world!
                Führer, naïve   café            | fuhrer, naive cafe
                w048 7tuijk dsdfhu              | w048 7tuijk dsdfhu
                unaffable (e.g. "don't")        | unaffable ( e. g. " don ' t " )
                中文 and 日本                     | 中 文 and 日 本
                Is it so? Yes. No!              | is it so? yes. no!
                """)
    void aTextComesBackAsBertDecodesIt(String text, String decoded) {
        try (Tokenizer tokenizer = Tokenizers.named("bert-bge")) {
            assertThat(tokenizer.decode(tokenizer.encode(text, true), true)).isEqualTo(decoded);
        }
    }

    @Test
    void theDecodingOfEveryGoldenTextHasTheSameIds() {
        List<int[]> goldens = Tokenizers.goldenIds("bert-bge");
        try (Tokenizer tokenizer = Tokenizers.named("bert-bge")) {
            List<int[]> known = goldens.stream()
                    .filter(ids -> Arrays.stream(ids).noneMatch(id -> id == UNKNOWN))
                    .toList();
            assertThat(known).hasSizeGreaterThan(35);
            for (int[] ids : known) {
                assertThat(tokenizer.encode(tokenizer.decode(ids, true), false)).isEqualTo(ids);
            }
        }
    }

    @Test
    void specialTokensStandAroundATextAndAreShownWhenAskedFor() {
        try (Tokenizer tokenizer = Tokenizers.named("bert-bge")) {
            int[] ids = tokenizer.encode("Hello world", true);
            assertThat(ids).containsExactly(CLASSIFIER, 7592, 2088, SEPARATOR);
            assertThat(tokenizer.addsBeginningOfText()).isTrue();
            assertThat(tokenizer.beginningOfText()).hasValue(CLASSIFIER);
            assertThat(tokenizer.decode(ids, true)).isEqualTo("hello world");
            assertThat(tokenizer.decode(ids, false)).isEqualTo("[CLS] hello world [SEP]");
        }
    }

    @Test
    void theConfigurationMayKeepCapitalsAndAccents() throws IOException {
        Files.writeString(directory.resolve("vocab.txt"), "[UNK]\r\n[CLS]\r\n[SEP]\r\nÉ\r\ne\r\né\r\nA\r\n##b\r\n");
        try (Tokenizer tokenizer = Tokenizers.open(directory)) {
            assertThat(tokenizer.encode("É A", false)).containsExactly(4, 0);
        }
        configure("{\"do_lower_case\": false}");
        try (Tokenizer tokenizer = Tokenizers.open(directory)) {
            assertThat(tokenizer.encode("É Ab", false)).containsExactly(3, 6, 7);
            assertThat(tokenizer.decode(new int[] {3, 6, 7}, true)).isEqualTo("É Ab");
        }
        configure("{\"do_lower_case\": true, \"strip_accents\": false}");
        try (Tokenizer tokenizer = Tokenizers.open(directory)) {
            assertThat(tokenizer.encode("É", false)).containsExactly(5);
        }
    }

    @Test
    void aVocabularyThatBreaksItsRulesIsRefused() throws IOException {
        Files.writeString(directory.resolve("vocab.txt"), "a\nb\n");
        assertThatThrownBy(() -> Tokenizers.open(directory))
                .isInstanceOf(MalformedTokenizerException.class)
                .hasMessageContaining("the token for unknown words is '[UNK]', which is not in the vocabulary");
        Files.write(directory.resolve("vocab.txt"), new byte[] {'a', (byte) 0xFF});
        assertThatThrownBy(() -> Tokenizers.open(directory))
                .isInstanceOf(MalformedTokenizerException.class)
                .hasMessageContaining("vocab.txt: it is no UTF-8");
    }

    private static void assertGolden(Tokenizer tokenizer) {
        List<String> texts = Tokenizers.goldenTexts();
        List<int[]> expected = Tokenizers.goldenIds("bert-bge");
        assertThat(expected).hasSameSizeAs(texts);
        for (int index = 0; index < texts.size(); index++) {
            assertThat(tokenizer.encode(texts.get(index), false))
                    .as("ids of text %d '%s'", index, texts.get(index))
                    .isEqualTo(expected.get(index));
        }
    }

    private void configure(String json) throws IOException {
        Files.writeString(directory.resolve("tokenizer_config.json"), json);
    }

    /** Writes the vocabulary as BERT has it, from that of the GGUF file. */
    private void writeVocabularyText() throws IOException {
        try (GgufCheckpoint checkpoint = GgufCheckpoint.open(Tokenizers.path("bert-bge"))) {
            String text = checkpoint.metadata().strings("tokenizer.ggml.tokens").stream()
                    .map(WordPieceTest::inBert)
                    .collect(Collectors.joining("\n"));
            Files.writeString(directory.resolve("vocab.txt"), text + "\n", StandardCharsets.UTF_8);
        }
    }

    private static String inBert(String entry) {
        if (entry.startsWith("\u2581")) {
            return entry.substring(1);
        }
        return entry.startsWith("[") && entry.endsWith("]") ? entry : "##" + entry;
    }

    private ObjectNode tokenizerJson() throws IOException {
        ObjectNode json = (ObjectNode) new ObjectMapper().readTree("""
                {"version": "1.0", "truncation": {"max_length": 4, "strategy": "LongestFirst", "stride": 0}, "padding": null,
                 "added_tokens": [],
                 "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                   "strip_accents": null, "lowercase": true},
                 "pre_tokenizer": {"type": "BertPreTokenizer"},
                 "post_processor": {"type": "TemplateProcessing",
                   "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                     {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
                   "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                   "special_tokens": {
                     "[CLS]": {"id": "[CLS]", "ids": [101], "tokens": ["[CLS]"]},
                     "[SEP]": {"id": "[SEP]", "ids": [102], "tokens": ["[SEP]"]}}},
                 "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
                 "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                   "max_input_chars_per_word": 100, "vocab": {}}}
                """);
        List<String> entries = Files.readAllLines(directory.resolve("vocab.txt"));
        ObjectNode vocabulary = (ObjectNode) json.path("model").path("vocab");
        for (int id = 0; id < entries.size(); id++) {
            vocabulary.put(entries.get(id), id);
        }
        for (String special : List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")) {
            json.withArray("added_tokens")
                    .addObject()
                    .put("id", entries.indexOf(special))
                    .put("content", special)
                    .put("special", true);
        }
        return json;
    }
}
