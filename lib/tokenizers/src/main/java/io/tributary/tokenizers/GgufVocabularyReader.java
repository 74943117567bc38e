package io.tributary.tokenizers;

import io.tributary.checkpoints.GgufCheckpoint;
import io.tributary.checkpoints.GgufMetadata;
import io.tributary.tokenizers.PreTokenizer.Frame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private static final String ARCHITECTURE = "general.architecture";
    private static final String MODEL = PREFIX + "model";
    private static final String TOKENS = PREFIX + "tokens";
    private static final String SCORES = PREFIX + "scores";
    private static final String TYPES = PREFIX + "token_type";
    private static final String MERGES = PREFIX + "merges";
    private static final String PRE_TOKENIZER = PREFIX + "pre";
    private static final String ADDS_BEGINNING = PREFIX + "add_bos_token";
    private static final String PREFIXES_SPACE = PREFIX + "add_space_prefix";
    private static final String SPACE_IS_SUFFIX = PREFIX + "treat_whitespace_as_suffix";
    private static final String BEGINNING_ID = PREFIX + "bos_token_id";
    private static final String ADDS_END = PREFIX + "add_eos_token";
    private static final String REMOVES_EXTRA_SPACES = PREFIX + "remove_extra_whitespaces";
    private static final String CHARACTERS = PREFIX + "precompiled_charsmap";
    private static final String END_ID = PREFIX + "eos_token_id";
    private static final List<String> END_IDS = List.of(END_ID, PREFIX + "eot_token_id", PREFIX + "eom_token_id");

    /** Pre-tokenizers of those that were converted before files named them, and came with one only. */
    private static final Map<String, String> PRE_TOKENIZERS = Map.of("gpt2", "gpt-2", "gptneox", "gpt-2");

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
                SentencePieceDefinition.of(vocabulary(metadata.reals(SCORES), Frame.BEGINNING), normalizer());
            case "t5" -> UnigramDefinition.of(vocabulary(metadata.reals(SCORES), Frame.END), normalizer());
            case "gpt2" -> byteLevel();
            case "bert" -> new GgufWordPieces(file, metadata).definition();
            default ->
                throw new UnsupportedTokenizerException(
                        file,
                        "the tokenizer model '" + model.get()
                                + "' is not known; known are llama (SentencePiece BPE), t5 (SentencePiece Unigram),"
                                + " gpt2 (byte-level BPE) and bert (WordPiece)");
        };
    }

    private TokenizerDefinition byteLevel() {
        String name = metadata.optionalString(PRE_TOKENIZER)
                .or(() -> metadata.optionalString(ARCHITECTURE).map(PRE_TOKENIZERS::get))
                .orElseThrow(() -> new UnsupportedTokenizerException(
                        file,
                        "it does not say how it cuts texts (" + PRE_TOKENIZER
                                + " is missing); convert the model anew. Known are "
                                + PreTokenizer.knownNames()));
        PreTokenizer preTokenizer = PreTokenizer.named(name, file);
        Vocabulary vocabulary = vocabulary(null, preTokenizer.frame());
        return ByteLevelDefinition.of(vocabulary, metadata.strings(MERGES), preTokenizer);
    }

    /**
     * The pieces and what is said of special ones.
     *
     * @param frame what llama.cpp puts around a text when the file does not say
     */
    private Vocabulary vocabulary(double @Nullable [] scores, Frame frame) {
        List<String> texts = metadata.strings(TOKENS);
        long[] types = metadata.integers(TYPES);
        checkLength(TYPES, types.length, texts.size());
        if (scores != null) {
            checkLength(SCORES, scores.length, texts.size());
        }
        List<VocabularyPiece> pieces = new ArrayList<>(texts.size());
        for (int id = 0; id < texts.size(); id++) {
            float score = scores == null ? 0 : (float) scores[id];
            pieces.add(new VocabularyPiece(texts.get(id), PieceType.of(types[id], id, texts.get(id), file), score));
        }
        return new Vocabulary(file, pieces, specialFrame(frame, pieces.size()), endIds(pieces.size()));
    }

    private SpecialFrame specialFrame(Frame frame, int size) {
        OptionalInt beginning = id(BEGINNING_ID, size);
        OptionalInt end = id(END_ID, size);
        boolean addsBeginning = metadata.optionalFlag(ADDS_BEGINNING).orElse(frame.begins() && beginning.isPresent());
        boolean addsEnd = metadata.optionalFlag(ADDS_END).orElse(frame.ends() && end.isPresent());
        return new SpecialFrame(beginning, addsBeginning, end, addsEnd);
    }

    private SentencePieceNormalizer normalizer() {
        CharacterMap characters = metadata.optionalIntegers(CHARACTERS)
                .filter(values -> values.length > 0)
                .map(values -> CharacterMap.read(bytes(values), file))
                .orElse(null);
        return new SentencePieceNormalizer(
                characters,
                metadata.optionalFlag(PREFIXES_SPACE).orElse(true),
                metadata.optionalFlag(REMOVES_EXTRA_SPACES).orElse(false),
                metadata.optionalFlag(SPACE_IS_SUFFIX).orElse(false),
                TextTrie.EMPTY);
    }

    private static byte[] bytes(long[] values) {
        byte[] bytes = new byte[values.length];
        for (int index = 0; index < bytes.length; index++) {
            bytes[index] = (byte) values[index];
        }
        return bytes;
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
