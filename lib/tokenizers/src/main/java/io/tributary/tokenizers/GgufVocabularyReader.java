package io.tributary.tokenizers;

import io.tributary.checkpoints.GgufCheckpoint;
import io.tributary.checkpoints.GgufMetadata;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The vocabulary inside a GGUF file. Source of the keys: docs/gguf.md of github.com/ggml-org/ggml. */
final class GgufVocabularyReader {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final String MODEL = PREFIX + "model";
    private static final String TOKENS = PREFIX + "tokens";
    private static final String SCORES = PREFIX + "scores";
    private static final String TYPES = PREFIX + "token_type";
    private static final String MERGES = PREFIX + "merges";
    private static final String PRE_TOKENIZER = PREFIX + "pre";
    private static final String ADDS_BEGINNING = PREFIX + "add_bos_token";
    private static final String PREFIXES_SPACE = PREFIX + "add_space_prefix";
    private static final String BEGINNING_ID = PREFIX + "bos_token_id";
    private static final List<String> END_IDS =
            List.of(PREFIX + "eos_token_id", PREFIX + "eot_token_id", PREFIX + "eom_token_id");

    private final Path file;
    private final GgufMetadata metadata;

    private GgufVocabularyReader(Path file, GgufMetadata metadata) {
        this.file = file;
        this.metadata = metadata;
    }

    static TokenizerDefinition read(Path file) {
        try (GgufCheckpoint checkpoint = GgufCheckpoint.open(file)) {
            return new GgufVocabularyReader(file, checkpoint.metadata()).definition();
        }
    }

    private TokenizerDefinition definition() {
        Optional<String> model = metadata.optionalString(MODEL);
        if (model.isEmpty()) {
            throw new TokenizerNotFoundException(file + " has no tokenizer: its metadata lacks " + MODEL, null);
        }
        return switch (model.get()) {
            case "llama" ->
                SentencePieceDefinition.of(
                        vocabulary(metadata.reals(SCORES), true),
                        metadata.optionalFlag(PREFIXES_SPACE).orElse(true));
            case "gpt2" -> byteLevel();
            default ->
                throw new UnsupportedTokenizerException(
                        file,
                        "the tokenizer model '" + model.get()
                                + "' is not supported yet; supported are llama (SentencePiece BPE) and gpt2 (byte-level"
                                + " BPE)");
        };
    }

    private TokenizerDefinition byteLevel() {
        String name = metadata.optionalString(PRE_TOKENIZER)
                .orElseThrow(() -> new UnsupportedTokenizerException(
                        file,
                        "it does not say how it cuts texts (" + PRE_TOKENIZER
                                + " is missing); convert the model anew. Supported are "
                                + PreTokenizer.supportedNames()));
        PreTokenizer preTokenizer = PreTokenizer.named(name, file);
        Vocabulary vocabulary = vocabulary(null, preTokenizer.beginsTexts());
        return ByteLevelDefinition.of(vocabulary, metadata.strings(MERGES), preTokenizer);
    }

    /**
     * The pieces and what is said of special ones.
     *
     * @param addsBeginningByDefault what llama.cpp does when the file does not say whether texts begin with a token
     */
    private Vocabulary vocabulary(double @Nullable [] scores, boolean addsBeginningByDefault) {
        List<String> texts = metadata.strings(TOKENS);
        long[] types = metadata.integers(TYPES);
        checkLength(TYPES, types.length, texts.size());
        if (scores != null) {
            checkLength(SCORES, scores.length, texts.size());
        }
        List<VocabularyPiece> pieces = new ArrayList<>(texts.size());
        for (int id = 0; id < texts.size(); id++) {
            float score = scores == null ? 0 : (float) scores[id];
            pieces.add(new VocabularyPiece(texts.get(id), PieceType.of(types[id], id, file), score));
        }
        OptionalInt beginning = id(BEGINNING_ID, pieces.size());
        boolean addsBeginning =
                metadata.optionalFlag(ADDS_BEGINNING).orElse(addsBeginningByDefault && beginning.isPresent());
        return new Vocabulary(file, pieces, beginning, addsBeginning, endIds(pieces.size()));
    }

    private NavigableSet<Integer> endIds(int size) {
        return END_IDS.stream()
                .map(key -> id(key, size))
                .flatMap(id -> id.isPresent() ? Stream.of(id.getAsInt()) : Stream.empty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private OptionalInt id(String key, int size) {
        if (!metadata.contains(key)) {
            return OptionalInt.empty();
        }
        long id = metadata.integer(key);
        if (id < 0 || id >= size) {
            throw new MalformedTokenizerException(
                    file, key + " is " + id + ", but the vocabulary has the ids 0 to " + (size - 1));
        }
        return OptionalInt.of((int) id);
    }

    private void checkLength(String key, int length, int wanted) {
        if (length != wanted) {
            throw new MalformedTokenizerException(
                    file, key + " has " + length + " entries, but there are " + wanted + " tokens");
        }
    }
}
