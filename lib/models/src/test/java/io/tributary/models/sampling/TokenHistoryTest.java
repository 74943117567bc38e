package io.tributary.models.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenHistoryTest {

    @Test
    void promptAndGeneratedTokensAreCountedApart() {
        TokenHistory history = new TokenHistory();
        history.addPrompt(5);
        history.addPrompt(5);
        history.addGenerated(9);
        history.addGenerated(5);
        assertThat(history.promptTokens()).isEqualTo(2);
        assertThat(history.generatedTokens()).isEqualTo(2);
        assertThat(history.distinctTokens()).isEqualTo(2);
        assertThat(history.id(0)).isEqualTo(5);
        assertThat(history.generatedCount(0)).isEqualTo(1);
        assertThat(history.id(1)).isEqualTo(9);
        assertThat(history.generatedCount(1)).isEqualTo(1);
    }

    @Test
    void tokensKeepTheirOrderWhileTheSequenceGrows() {
        TokenHistory history = new TokenHistory();
        for (int index = 0; index < 1001; index++) {
            if (index < 333) {
                history.addPrompt(index * 7 % 50);
            } else {
                history.addGenerated(index * 7 % 50);
            }
        }
        assertThat(history.tokens()).isEqualTo(1001);
        for (int index = 0; index < 1001; index++) {
            assertThat(history.token(index)).as("token %d", index).isEqualTo(index * 7 % 50);
        }
    }

    @Test
    void manyTokensAreCountedLikeAMapDoes() {
        long seed = 20261123;
        Random random = new Random(seed);
        TokenHistory history = new TokenHistory();
        Map<Integer, Integer> expected = new LinkedHashMap<>();
        for (int step = 0; step < 50_000; step++) {
            int id = random.nextInt(3) == 0 ? random.nextInt(20) : random.nextInt(150_000);
            boolean generated = random.nextBoolean();
            expected.merge(id, generated ? 1 : 0, Integer::sum);
            if (generated) {
                history.addGenerated(id);
            } else {
                history.addPrompt(id);
            }
        }
        assertThat(history.distinctTokens()).as("seed %d", seed).isEqualTo(expected.size());
        int index = 0;
        for (Map.Entry<Integer, Integer> entry : expected.entrySet()) {
            assertThat(history.id(index)).as("seed %d", seed).isEqualTo(entry.getKey());
            assertThat(history.generatedCount(index)).as("seed %d", seed).isEqualTo(entry.getValue());
            index++;
        }
    }

    @Test
    void aNegativeIdIsRefused() {
        assertThatThrownBy(() -> new TokenHistory().addPrompt(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }

    @Test
    void countsSurviveTheGrowthOfTheTable() {
        TokenHistory history = new TokenHistory();
        for (int id = 0; id < 1000; id++) {
            history.addGenerated(id);
        }

        assertThat(history.distinctTokens()).isEqualTo(1000);
        for (int index = 0; index < history.distinctTokens(); index++) {
            assertThat(history.generatedCount(index))
                    .as("token %d", history.id(index))
                    .isEqualTo(1);
        }
    }
}
