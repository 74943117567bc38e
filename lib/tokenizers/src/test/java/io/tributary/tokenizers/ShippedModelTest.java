package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ShippedModelTest {
    @SuppressWarnings("NullAway.Init")
    private static Tokenizer tokenizer;

    @BeforeAll
    static void open() {
        tokenizer = Tokenizers.open(Tokenizers.SHIPPED_MODEL);
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void theTextBeginsWithTheTokenThatTheConfigurationAsksFor() {
        assertThat(tokenizer.encode("In the beginning", true)).containsExactly(0, 1147, 259, 1799, 1258);
        assertThat(tokenizer.encode("In the beginning", false)).containsExactly(1147, 259, 1799, 1258);
        assertThat(tokenizer.encode("", true)).containsExactly(0);
        assertThat(tokenizer.encode("", false)).isEmpty();
    }

    @Test
    void theGeneratedIdsOfTheReferenceGiveItsText() {
        JsonNode expected = JsonFile.read(Tokenizers.SHIPPED_MODEL.resolve("expected.json"));
        IncrementalDecoder decoder = tokenizer.incrementalDecoder(ids(expected.path("prompt_ids")));
        StringBuilder text = new StringBuilder();
        for (int id : ids(expected.path("greedy_ids"))) {
            text.append(decoder.append(id));
        }
        text.append(decoder.finish());
        assertThat(text.toString()).isEqualTo(expected.path("greedy_text").asText());
    }

    @Test
    void aSpecialTokenInTheTextIsPlainText() {
        int[] ids = tokenizer.encode("a<eos>b", true);
        assertThat(ids).startsWith(0);
        assertThat(IntStream.of(ids).skip(1)).isNotEmpty().doesNotContain(0);
        assertThat(tokenizer.decode(ids, true)).isEqualTo("a<eos>b");
        assertThat(tokenizer.decode(ids, false)).isEqualTo("<eos>a<eos>b");
    }

    @Test
    void itDescribesItself() {
        assertThat(tokenizer.vocabularySize()).isEqualTo(2048);
        assertThat(tokenizer.beginningOfText()).hasValue(0);
        assertThat(tokenizer.addsBeginningOfText()).isTrue();
        assertThat(tokenizer.specialIds()).containsExactly(0);
        assertThat(tokenizer.piece(259)).isEqualTo(" the".getBytes(StandardCharsets.UTF_8));
        assertThat(tokenizer.piece(0)).isEqualTo("<eos>".getBytes(StandardCharsets.UTF_8));
        assertThat(tokenizer.piece(1)).containsExactly(0);
    }

    private static int[] ids(JsonNode array) {
        return IntStream.range(0, array.size())
                .map(index -> array.get(index).intValue())
                .toArray();
    }
}
