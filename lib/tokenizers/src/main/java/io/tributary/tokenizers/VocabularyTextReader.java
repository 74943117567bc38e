package io.tributary.tokenizers;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A BERT vocabulary as a vocab.txt: one entry a line, whose number is the id. */
final class VocabularyTextReader {
    private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

    private VocabularyTextReader() {}

    static TokenizerDefinition read(Path file, TokenizerConfiguration configuration) {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        List<String> lines = lines(file);
        for (int id = 0; id < lines.size(); id++) {
            vocabulary.putIfAbsent(lines.get(id), id);
        }
        List<String> special = new ArrayList<>(SPECIAL);
        special.addAll(configuration.specialTexts());
        WordPieceJson json = new WordPieceJson(
                vocabulary,
                configuration.flag("do_lower_case").orElse(true),
                configuration.flag("strip_accents"),
                configuration.flag("tokenize_chinese_chars").orElse(true),
                roles(configuration));
        return HuggingFaceDefinition.of(json.tokenizer(special), file, configuration);
    }

    private static WordPieceJson.Roles roles(TokenizerConfiguration configuration) {
        WordPieceJson.Roles bert = WordPieceJson.Roles.BERT;
        return new WordPieceJson.Roles(
                configuration.text("unk_token").orElse(bert.unknown()),
                configuration.text("cls_token").orElse(bert.classifier()),
                configuration.text("sep_token").orElse(bert.separator()));
    }

    /** The lines of a text file in UTF-8; only a line feed ends one, with a carriage return in front of it or without. */
    static List<String> lines(Path file) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(TokenizerFiles.bytes(file)))
                    .toString();
        } catch (CharacterCodingException failure) {
            throw new MalformedTokenizerException(file, "it is no UTF-8: " + failure.getMessage(), failure);
        }
        List<String> lines = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            boolean hasReturn = end > start && text.charAt(end - 1) == '\r';
            lines.add(text.substring(start, hasReturn ? end - 1 : end));
            start = end + 1;
        }
        if (lines.size() > PieceTable.Builder.MAXIMAL_SIZE) {
            throw new MalformedTokenizerException(
                    file,
                    "it has " + lines.size() + " lines; no vocabulary has more than "
                            + PieceTable.Builder.MAXIMAL_SIZE);
        }
        return lines;
    }
}
