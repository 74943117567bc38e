package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenTextsTest {
    private static final String SEPARATOR = "\n__ggml_vocab_test__\n";

    @ParameterizedTest
    @ValueSource(strings = {"llama-spm", "gpt-2"})
    void everyTextHasTheIdsOfTheReferenceAndComesBack(String vocabulary) throws IOException {
        List<String> texts = texts(vocabulary);
        List<int[]> expected = ids(vocabulary);
        assertThat(texts).hasSize(46);
        assertThat(expected).hasSameSizeAs(texts);
        try (Tokenizer tokenizer = Tokenizers.named(vocabulary)) {
            for (int index = 0; index < texts.size(); index++) {
                String text = texts.get(index);
                assertThat(tokenizer.encode(text, false))
                        .as("ids of text %d '%s'", index, text)
                        .isEqualTo(expected.get(index));
                assertThat(tokenizer.decode(expected.get(index), true))
                        .as("text %d", index)
                        .isEqualTo(text);
            }
        }
    }

    private static List<String> texts(String vocabulary) throws IOException {
        String all = Files.readString(Tokenizers.golden(vocabulary, ".gguf.inp"), StandardCharsets.UTF_8);
        assertThat(all).as("every text ends with the separator").endsWith(SEPARATOR);
        return Arrays.asList(all.substring(0, all.length() - SEPARATOR.length()).split(SEPARATOR, -1));
    }

    private static List<int[]> ids(String vocabulary) throws IOException {
        return Files.readAllLines(Tokenizers.golden(vocabulary, ".gguf.out")).stream()
                .map(String::strip)
                .map(line -> line.isEmpty()
                        ? new int[0]
                        : Arrays.stream(line.split(" ", -1))
                                .mapToInt(Integer::parseInt)
                                .toArray())
                .toList();
    }
}
