package io.tributary.bench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.bench.WrongUsageException;
import java.util.function.ToIntFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptTextTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 511, 512, 1000})
    void aTokenAWordGivesAsManyWords(int count) {
        assertThat(words(new PromptText(PromptTextTest::words).of(count))).isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 7, 512})
    void severalTokensAWordGiveNeverMoreThanWanted(int count) {
        ToIntFunction<String> tokens = text -> 3 * words(text);
        assertThat(tokens.applyAsInt(new PromptText(tokens).of(count))).isEqualTo(count / 3 * 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void lessThanAWordIsRefused(int count) {
        assertThatThrownBy(() -> new PromptText(text -> 3 * words(text)).of(count))
                .isInstanceOf(WrongUsageException.class)
                .hasMessageContaining("--prompt " + count);
    }

    private static int words(String text) {
        return text.isEmpty() ? 0 : text.strip().split(" ", -1).length;
    }
}
