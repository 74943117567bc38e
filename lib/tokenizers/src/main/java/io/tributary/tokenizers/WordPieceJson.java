package io.tributary.tokenizers;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the tokenizer.json of a BERT vocabulary. Source: BertTokenizerFast of huggingface/transformers.
 *
 * @param vocabulary text to id, with {@code ##} in front of what goes on with a word
 * @param lowerCases whether texts are lower-cased first
 * @param stripsAccents whether they lose their accents; when it is not said, if they are lower-cased
 * @param separatesHan whether Chinese characters are words of their own
 * @param roles the names of special tokens
 */
record WordPieceJson(
        Map<String, Integer> vocabulary,
        boolean lowerCases,
        Optional<Boolean> stripsAccents,
        boolean separatesHan,
        Roles roles) {
    private static final int MAXIMAL_WORD_LENGTH = 100;

    /** The names of the tokens for unknown words, in front of a text and behind it. */
    record Roles(String unknown, String classifier, String separator) {
        /** As BERT has them. */
        static final Roles BERT = new Roles("[UNK]", "[CLS]", "[SEP]");
    }

    /**
     * The tokenizer.json.
     *
     * @param special names of all special tokens
     */
    ObjectNode tokenizer(List<String> special) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode normalizer = root.putObject("normalizer");
        normalizer.put("type", "BertNormalizer").put("clean_text", true);
        normalizer.put("handle_chinese_chars", separatesHan).put("lowercase", lowerCases);
        normalizer.put("strip_accents", stripsAccents.orElse(lowerCases));
        root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        putFrame(root);
        root.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
        ObjectNode model = root.putObject("model").put("type", HuggingFaceWordPieces.TYPE);
        model.put("unk_token", roles.unknown()).put("continuing_subword_prefix", "##");
        model.put("max_input_chars_per_word", MAXIMAL_WORD_LENGTH);
        ObjectNode entries = model.putObject("vocab");
        vocabulary.forEach(entries::put);
        for (String name : special) {
            Integer id = vocabulary.get(name);
            if (id != null) {
                root.withArray("added_tokens").add(addedToken(id, name));
            }
        }
        return root;
    }

    /** A text stands between the two tokens, if the vocabulary has both. */
    private void putFrame(ObjectNode root) {
        Integer classifier = vocabulary.get(roles.classifier());
        Integer separator = vocabulary.get(roles.separator());
        if (classifier == null || separator == null) {
            root.putNull("post_processor");
            return;
        }
        ObjectNode processor = root.putObject("post_processor").put("type", "BertProcessing");
        processor.putArray("sep").add(roles.separator()).add(separator);
        processor.putArray("cls").add(roles.classifier()).add(classifier);
    }

    private static ObjectNode addedToken(int id, String content) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("content", content)
                .put("special", true);
    }
}
