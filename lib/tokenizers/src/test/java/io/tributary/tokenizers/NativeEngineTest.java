package io.tributary.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class NativeEngineTest {
    @Test
    void nothingOfTheUnpackedLibraryStaysBehind() throws IOException {
        NativeLibrary.load();
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try (Stream<Path> entries = Files.list(temporary)) {
            assertThat(entries.map(path -> path.getFileName().toString()))
                    .noneMatch(name -> name.startsWith(NativeLibrary.temporaryName()));
        }
        assertThat(System.getProperty("DJL_CACHE_DIR")).isNull();
    }

    @Test
    void aClosedTokenizerDecodesButEncodesNoMore() {
        Tokenizer tokenizer = Tokenizers.open(Tokenizers.SHIPPED_MODEL);
        tokenizer.close();
        tokenizer.close();
        assertThat(tokenizer.decode(new int[] {1147}, true)).isEqualTo("In");
        assertThatThrownBy(() -> tokenizer.encode("In", false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void threadsThatShareATokenizerGetTheirOwnIds() throws InterruptedException, ExecutionException {
        try (Tokenizer tokenizer = Tokenizers.named("gpt-2");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> texts = new ArrayList<>();
            for (long seed = 0; seed < 200; seed++) {
                String text = new RandomText(seed).next();
                texts.add(threads.submit(() -> tokenizer.decode(tokenizer.encode(text, false), true)));
            }
            for (int seed = 0; seed < texts.size(); seed++) {
                assertThat(texts.get(seed).get()).isEqualTo(new RandomText(seed).next());
            }
        }
    }

    @Test
    @Timeout(120)
    void aTextOfTheLargestSizeIsEncodedWhole() {
        String text = "a".repeat(Tokenizers.MAXIMAL_TEXT_BYTES);
        for (String vocabulary : List.of("gpt-2", "llama-spm", "unigram-bytes")) {
            try (Tokenizer tokenizer = Tokenizers.named(vocabulary)) {
                assertThat(tokenizer.decode(tokenizer.encode(text, false), true).equals(text))
                        .as(vocabulary)
                        .isTrue();
            }
        }
    }
}
