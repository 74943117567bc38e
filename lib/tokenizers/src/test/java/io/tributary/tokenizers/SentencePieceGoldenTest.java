package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares with what SentencePiece itself says. */
class SentencePieceGoldenTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What SentencePiece decodes unknown pieces to; they are special here, and left out. */
    private static final String UNKNOWN = " \u2047 ";

    @ParameterizedTest
    @ValueSource(strings = {"unigram-nfkc", "unigram-bytes", "unigram-suffix", "bpe-nfkc"})
    void everyTextHasTheIdsOfSentencePieceWhateverIsNormalized(String model) throws IOException {
        List<String> lines = new String(
                        Tokenizers.decompressed("/goldens/sentencepiece/" + model + ".jsonl.gz"),
                        StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(lines).hasSize(157);
        try (Tokenizer tokenizer = Tokenizers.named(model)) {
            for (String line : lines) {
                JsonNode golden = MAPPER.readTree(line);
                String text = golden.path("text").asText();
                int[] ids = StreamSupport.stream(golden.path("ids").spliterator(), false)
                        .mapToInt(JsonNode::intValue)
                        .toArray();
                assertThat(tokenizer.encode(text, false)).as("'%s'", text).isEqualTo(ids);
                String decoded = golden.path("decoded").asText();
                if (!decoded.contains(UNKNOWN)) {
                    assertThat(tokenizer.decode(ids, true)).as("'%s'", text).isEqualTo(asGiven(decoded, model));
                }
            }
        }
    }

    /** SentencePiece leaves a space that it put behind a text; here the text comes back as it was given. */
    private static String asGiven(String decoded, String model) {
        return model.equals("unigram-suffix") && decoded.endsWith(" ")
                ? decoded.substring(0, decoded.length() - 1)
                : decoded;
    }
}
