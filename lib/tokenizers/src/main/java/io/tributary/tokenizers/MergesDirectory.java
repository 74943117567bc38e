package io.tributary.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A byte-level vocabulary as a directory with vocab.json and merges.txt, made into a tokenizer.json. Sources: the slow
 * tokenizers of huggingface/transformers and their converters.
 */
final class MergesDirectory {
    static final String VOCABULARY = "vocab.json";
    static final String MERGES = "merges.txt";

    private static final String ADDED_TOKENS = "added_tokens.json";
    private static final String CLASS = "tokenizer_class";

    /** Steps in front of the merges, by the name of the tokenizer's class without Tokenizer. */
    private static final Map<String, Steps> STEPS = Map.ofEntries(
            Map.entry("GPT2", Steps.GPT_2),
            Map.entry("CodeGen", Steps.GPT_2),
            Map.entry("Whisper", Steps.GPT_2),
            Map.entry("Roberta", Steps.ROBERTA),
            Map.entry("Longformer", Steps.ROBERTA),
            Map.entry("Bart", Steps.ROBERTA),
            Map.entry("LED", Steps.ROBERTA),
            Map.entry("Qwen2", Steps.QWEN_2),
            Map.entry("CLIP", Steps.CLIP));

    /**
     * What is done to a text besides merging.
     *
     * @param beginning name of the token in front of a text when the configuration names none; empty for no token
     * @param end name of the token behind a text
     */
    private record Steps(String normalizer, String preTokenizer, String wordEnd, String beginning, String end) {
        private static final String NOTHING = "null";
        private static final String BYTES = """
                {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": %s}""";

        static final Steps GPT_2 = new Steps(NOTHING, BYTES.formatted(true), "", "", "");
        static final Steps ROBERTA = new Steps(NOTHING, BYTES.formatted(true), "", "<s>", "</s>");
        static final Steps QWEN_2 = new Steps(
                "{\"type\": \"NFC\"}",
                """
                {"type": "Sequence", "pretokenizers": [
                  {"type": "Split", "behavior": "Isolated", "invert": false, "pattern": {"Regex": %s}}, %s]}
                """.formatted(JsonFile.write(TextNode.valueOf(PreTokenizerCatalog.QWEN_2)), BYTES.formatted(false)),
                "",
                "",
                "");
        static final Steps CLIP = new Steps(
                """
                {"type": "Sequence", "normalizers": [{"type": "NFC"},
                  {"type": "Replace", "pattern": {"Regex": "\\\\s+"}, "content": " "}, {"type": "Lowercase"}]}
                """, """
                {"type": "Sequence", "pretokenizers": [
                  {"type": "Split", "behavior": "Removed", "invert": true, "pattern": {"Regex":
                    "'s|'t|'re|'ve|'m|'ll|'d|[\\\\p{L}]+|[\\\\p{N}]|[^\\\\s\\\\p{L}\\\\p{N}]+"}}, %s]}
                """.formatted(BYTES.formatted(false)), PieceForm.WORD_END, "<|startoftext|>", "<|endoftext|>");
    }

    private final Path directory;
    private final TokenizerConfiguration configuration;
    private final Path file;
    private final ObjectNode vocabulary;

    private MergesDirectory(Path directory, TokenizerConfiguration configuration) {
        this.directory = directory;
        this.configuration = configuration;
        file = directory.resolve(VOCABULARY);
        vocabulary = JsonFile.read(file);
    }

    static TokenizerDefinition read(Path directory, TokenizerConfiguration configuration) {
        MergesDirectory merges = new MergesDirectory(directory, configuration);
        return HuggingFaceDefinition.of(merges.tokenizer(), merges.file, configuration);
    }

    private ObjectNode tokenizer() {
        Steps steps = steps();
        ObjectNode root = JsonFile.parse("{\"normalizer\": " + steps.normalizer() + ", \"pre_tokenizer\": "
                + steps.preTokenizer() + ", \"decoder\": {\"type\": \"ByteLevel\"}}");
        putFrame(steps, root);
        ObjectNode model = root.putObject("model").put("type", HuggingFaceMerges.TYPE);
        model.putNull("unk_token").put("end_of_word_suffix", steps.wordEnd());
        model.set("vocab", vocabulary);
        addMerges(model.putArray("merges"));
        addTokens(steps, root.putArray("added_tokens"));
        return root;
    }

    private Steps steps() {
        Optional<String> named = configuration.text(CLASS);
        if (named.isEmpty()) {
            return endsWords() ? Steps.CLIP : Steps.GPT_2;
        }
        String family = named.get().replaceFirst("Tokenizer(Fast)?$", "");
        Steps steps = STEPS.get(family);
        if (steps == null) {
            throw new UnsupportedTokenizerException(
                    directory,
                    CLASS + " in " + TokenizerFiles.CONFIGURATION + " is '" + named.get() + "'; known with "
                            + VOCABULARY
                            + " and " + MERGES + " are "
                            + String.join(", ", STEPS.keySet().stream().sorted().toList())
                            + " (each with Tokenizer behind it)");
        }
        return steps;
    }

    private boolean endsWords() {
        return vocabulary.properties().stream().anyMatch(entry -> entry.getKey().endsWith(PieceForm.WORD_END));
    }

    private void putFrame(Steps steps, ObjectNode root) {
        JsonNode beginning = vocabulary.path(steps.beginning());
        JsonNode end = vocabulary.path(steps.end());
        if (!beginning.isInt() || !end.isInt()) {
            root.putNull("post_processor");
            return;
        }
        ObjectNode processor = root.putObject("post_processor").put("type", "RobertaProcessing");
        processor.putArray("cls").add(steps.beginning()).add(beginning.intValue());
        processor.putArray("sep").add(steps.end()).add(end.intValue());
        processor.put("trim_offsets", true).put("add_prefix_space", false);
    }

    private void addMerges(ArrayNode merges) {
        Path path = directory.resolve(MERGES);
        List<String> lines = VocabularyTextReader.lines(path);
        for (int line = 0; line < lines.size(); line++) {
            String merge = lines.get(line);
            boolean isVersion = line == 0 && merge.startsWith("#version");
            if (isVersion || merge.isEmpty()) {
                continue;
            }
            int space = merge.indexOf(' ');
            if (space < 1 || space == merge.length() - 1 || merge.indexOf(' ', space + 1) >= 0) {
                throw new MalformedTokenizerException(
                        path,
                        "line " + (line + 1) + " is '" + merge + "'; wanted are two texts with a space between them");
            }
            merges.addArray().add(merge.substring(0, space)).add(merge.substring(space + 1));
        }
    }

    /** What added_tokens.json lists and what the configuration adds; those around a text are special. */
    private void addTokens(Steps steps, ArrayNode tokens) {
        for (String name : List.of(steps.beginning(), steps.end())) {
            if (vocabulary.path(name).isInt()) {
                add(tokens, vocabulary.path(name), name, true);
            }
        }
        Path added = directory.resolve(ADDED_TOKENS);
        if (Files.exists(added)) {
            JsonFile.read(added).properties().forEach(token -> add(tokens, token.getValue(), token.getKey(), false));
        }
        configuration.root().path("added_tokens_decoder").properties().forEach(token -> {
            JsonNode id = JsonNodeFactory.instance.numberNode(number(token.getKey()));
            String name = token.getValue().path("content").asText();
            add(tokens, id, name, token.getValue().path("special").asBoolean());
        });
    }

    /** An id that is written as a key; -1, which no id is, for anything else. */
    private static int number(String key) {
        return key.matches("\\d{1,9}") ? Integer.parseInt(key) : -1;
    }

    private void add(ArrayNode tokens, JsonNode id, String name, boolean special) {
        ObjectNode token =
                tokens.addObject().put("id", JsonFile.id(id, name, file)).put("content", name);
        for (String off : List.of("single_word", "lstrip", "rstrip", "normalized")) {
            token.put(off, false);
        }
        token.put("special", special);
    }
}
