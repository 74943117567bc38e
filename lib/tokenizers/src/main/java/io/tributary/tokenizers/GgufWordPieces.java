package io.tributary.tokenizers;

import io.tributary.checkpoints.GgufMetadata;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A BERT vocabulary of a GGUF file, in which words begin with U+2581 and the pieces that go on with them are bare. Source:
 * the converter of github.com/ggml-org/llama.cpp.
 */
final class GgufWordPieces {
    private static final String PREFIX = "tokenizer.ggml.";

    private final Path file;
    private final GgufMetadata metadata;

    GgufWordPieces(Path file, GgufMetadata metadata) {
        this.file = file;
        this.metadata = metadata;
    }

    TokenizerDefinition definition() {
        List<String> written = metadata.strings(PREFIX + "tokens");
        long[] types = metadata.integers(PREFIX + "token_type");
        if (types.length != written.size()) {
            throw new MalformedTokenizerException(
                    file,
                    PREFIX + "token_type has " + types.length + " entries, but there are " + written.size()
                            + " tokens");
        }
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        List<String> special = new ArrayList<>();
        for (int id = 0; id < types.length; id++) {
            String text = written.get(id);
            PieceType type = PieceType.of(types[id], id, text, file);
            if (type.isSpecial()) {
                special.add(text);
            }
            vocabulary.putIfAbsent(type == PieceType.NORMAL ? asInBert(text) : text, id);
        }
        WordPieceJson.Roles roles = new WordPieceJson.Roles(
                name("unknown_token_id", written, WordPieceJson.Roles.BERT.unknown()),
                name("cls_token_id", written, WordPieceJson.Roles.BERT.classifier()),
                name("seperator_token_id", written, WordPieceJson.Roles.BERT.separator()));
        Optional<Boolean> stripsAccents = metadata.optionalFlag(PREFIX + "normalizer.strip_accents");
        boolean lowerCases =
                metadata.optionalFlag(PREFIX + "normalizer.lowercase").orElse(true);
        WordPieceJson json = new WordPieceJson(vocabulary, lowerCases, stripsAccents, true, roles);
        return HuggingFaceDefinition.of(json.tokenizer(special), file, TokenizerConfiguration.SILENT);
    }

    private static String asInBert(String text) {
        if (text.charAt(0) == PieceForm.ESCAPED_SPACE) {
            return text.substring(1);
        }
        boolean isBracketed = text.startsWith("[") && text.endsWith("]");
        return isBracketed ? text : PieceForm.CONTINUATION + text;
    }

    private String name(String key, List<String> written, String inBert) {
        OptionalLong id = metadata.optionalInteger(PREFIX + key);
        if (id.isEmpty()) {
            return inBert;
        }
        if (id.getAsLong() < 0 || id.getAsLong() >= written.size()) {
            throw new MalformedTokenizerException(
                    file,
                    PREFIX + key + " is " + id.getAsLong() + ", but the vocabulary has the ids 0 to "
                            + (written.size() - 1));
        }
        return written.get((int) id.getAsLong());
    }
}
