package io.tributary.gateway;

import io.tributary.proto.log.v1.PromptScores;
import io.tributary.proto.log.v1.TokenScore;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The scores of a prompt's tokens, which come in parts, and from a shard that takes over some of them again. */
final class PromptScoreTable {
    /** By position; that of the first token stays empty. */
    private final @Nullable TokenScore[] scores;

    private int missing;

    /** @param promptLength at least 1 */
    PromptScoreTable(int promptLength) {
        this.scores = new TokenScore[promptLength];
        this.missing = promptLength - 1;
    }

    /** Takes a part; what is there already, or outside the prompt, is left alone. */
    void add(PromptScores part) {
        for (int index = 0; index < part.getScoresCount(); index++) {
            long position = Integer.toUnsignedLong(part.getFirstPosition()) + index;
            if (position >= 1 && position < scores.length && scores[(int) position] == null) {
                scores[(int) position] = part.getScores(index);
                missing--;
            }
        }
    }

    /** All scores, in order, if none is missing. */
    Optional<List<TokenScore>> complete() {
        return missing > 0
                ? Optional.empty()
                : Optional.of(Arrays.stream(scores).skip(1).toList());
    }
}
