package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real vocabularies that are not part of this repository. */
class TributaryDataTest {
    private Path data = Path.of("");

    @BeforeEach
    void findTheData() {
        String folder = System.getenv("TRIBUTARY_DATA");
        assumeThat(folder)
                .as("skipped: set TRIBUTARY_DATA to a folder with llama2/tokenizer.model and stories260K/*.gguf")
                .isNotNull();
        data = Path.of(Objects.requireNonNull(folder));
    }

    @Test
    void theLlama2ModelGivesItsKnownIds() {
        String text = "I believe the meaning of life is";
        try (Tokenizer tokenizer = Tokenizers.open(data.resolve("llama2"))) {
            int[] ids = tokenizer.encode(text, true);
            assertThat(ids).containsExactly(1, 306, 4658, 278, 6593, 310, 2834, 338);
            assertThat(tokenizer.decode(ids, true)).isEqualTo(text);
        }
    }

    @Test
    void theLlama2ModelAndItsGgufAgree() {
        try (Tokenizer model = Tokenizers.open(data.resolve("llama2"));
                Tokenizer gguf = Tokenizers.named("llama-spm")) {
            for (long seed = 0; seed < 500; seed++) {
                String text = new RandomText(seed).next();
                assertThat(model.encode(text, true)).as("seed %d", seed).isEqualTo(gguf.encode(text, true));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stories260K-f32.gguf", "stories260K-ffn192-q8_0.gguf"})
    void theStoriesModelGivesItsTextBack(String file) throws IOException {
        Path stories = data.resolve("stories260K");
        String text = Files.readString(stories.resolve("greedy200.txt"));
        try (Tokenizer tokenizer = Tokenizers.open(stories.resolve(file))) {
            int[] ids = tokenizer.encode(text, true);
            assertThat(ids).startsWith(1).hasSizeLessThan(text.length() / 2);
            assertThat(tokenizer.decode(ids, true)).isEqualTo(text);
        }
    }
}
