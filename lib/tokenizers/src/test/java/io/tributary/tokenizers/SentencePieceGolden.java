package io.tributary.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;

/** What SentencePiece itself says to a text: its ids, and what they decode to. */
record SentencePieceGolden(String text, List<Integer> ids, String decoded) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What SentencePiece decodes unknown pieces to; they are special here, and left out. */
    private static final String UNKNOWN = " \u2047 ";

    static List<SentencePieceGolden> of(String model) {
        byte[] lines = Tokenizers.decompressed("/goldens/sentencepiece/" + model + ".jsonl.gz");
        return new String(lines, StandardCharsets.UTF_8)
                .lines()
                .map(SentencePieceGolden::parsed)
                .toList();
    }

    private static SentencePieceGolden parsed(String line) {
        try {
            JsonNode json = MAPPER.readTree(line);
            List<Integer> ids = StreamSupport.stream(json.path("ids").spliterator(), false)
                    .map(JsonNode::intValue)
                    .toList();
            return new SentencePieceGolden(
                    json.path("text").asText(), ids, json.path("decoded").asText());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    boolean hasUnknown() {
        return decoded.contains(UNKNOWN);
    }

    int[] idArray() {
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }
}
