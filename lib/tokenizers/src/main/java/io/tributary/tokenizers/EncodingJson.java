package io.tributary.tokenizers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a tokenizer.json of type BPE for the engine. Source of the format: the serialisation of huggingface/tokenizers.
 *
 * @param vocabulary text to id of what merges may build; the ids may have gaps
 * @param merges pairs in the order of their priority
 * @param userDefined text to id of entries that are found as a whole, before all others
 * @param splits regular expressions that cut the text, one after the other; none for no cutting and no byte alphabet
 * @param unknown entry for what the vocabulary cannot express
 * @param byteFallback whether such a character becomes byte pieces
 * @param wholeWordsFirst whether a cut that is in the vocabulary is taken without merging
 */
record EncodingJson(
        Map<String, Integer> vocabulary,
        List<Merge> merges,
        Map<String, Integer> userDefined,
        List<String> splits,
        @Nullable String unknown,
        boolean byteFallback,
        boolean wholeWordsFirst) {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** Two entries that are put together. */
    record Merge(String left, String right) {}

    /** The JSON text. */
    String write() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("version", "1.0");
            for (String absent : List.of("truncation", "padding", "normalizer", "post_processor", "decoder")) {
                json.writeNullField(absent);
            }
            writeAddedTokens(json);
            writePreTokenizer(json);
            writeModel(json);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private void writeAddedTokens(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("added_tokens");
        for (Map.Entry<String, Integer> token : userDefined.entrySet()) {
            json.writeStartObject();
            json.writeNumberField("id", token.getValue());
            json.writeStringField("content", token.getKey());
            for (String off : List.of("single_word", "lstrip", "rstrip", "normalized", "special")) {
                json.writeBooleanField(off, false);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void writePreTokenizer(JsonGenerator json) throws IOException {
        if (splits.isEmpty()) {
            json.writeNullField("pre_tokenizer");
            return;
        }
        json.writeObjectFieldStart("pre_tokenizer");
        json.writeStringField("type", "Sequence");
        json.writeArrayFieldStart("pretokenizers");
        for (String split : splits) {
            json.writeStartObject();
            json.writeStringField("type", "Split");
            json.writeObjectFieldStart("pattern");
            json.writeStringField("Regex", split);
            json.writeEndObject();
            json.writeStringField("behavior", "Isolated");
            json.writeBooleanField("invert", false);
            json.writeEndObject();
        }
        json.writeStartObject();
        json.writeStringField("type", "ByteLevel");
        json.writeBooleanField("add_prefix_space", false);
        json.writeBooleanField("trim_offsets", true);
        json.writeBooleanField("use_regex", false);
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeModel(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("model");
        json.writeStringField("type", "BPE");
        json.writeNullField("dropout");
        json.writeStringField("unk_token", unknown);
        json.writeBooleanField("fuse_unk", unknown != null);
        json.writeBooleanField("byte_fallback", byteFallback);
        json.writeBooleanField("ignore_merges", wholeWordsFirst);
        json.writeObjectFieldStart("vocab");
        for (Map.Entry<String, Integer> entry : vocabulary.entrySet()) {
            json.writeNumberField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
        json.writeArrayFieldStart("merges");
        for (Merge merge : merges) {
            json.writeArray(new String[] {merge.left(), merge.right()}, 0, 2);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
