package io.tributary.cli.experts;

import io.tributary.models.experts.LayerLoad;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Two layers of four experts and five tokens, two of them generated. In layer 0 each token has two experts; expert 0 is
 * among them four times, expert 3 never. In layer 3 each expert takes one token at most, and the last token finds no room.
 */
final class KnownUse {
    static final float[] WEIGHTS_OF_LAYER_0 = {
        0.75f, 0.25f, 0, 0, 0.5f, 0, 0.5f, 0, 1f, 0.125f, 0, 0, 0, 0.5f, 0.5f, 0, 0.25f, 0.75f, 0, 0
    };
    private static final float[] WEIGHTS_OF_LAYER_3 = {
        0.5f, 0, 0, 0, 0, 0.5f, 0, 0, 0, 0, 0.5f, 0, 0, 0, 0, 0.5f, 0, 0, 0, 0
    };

    private KnownUse() {}

    static ExpertUse use() {
        return new ExpertUse(
                "known <1>",
                List.of(token("In"), token(" the"), token(" unpronounceable"), token("\n"), token("\u0001")),
                3,
                List.of(
                        new LayerUse(
                                new LayerLoad(0, 5, 0, new long[] {4, 4, 2, 0}, new long[] {3, 1, 0, 1, 0, 0}),
                                WEIGHTS_OF_LAYER_0),
                        new LayerUse(
                                new LayerLoad(3, 5, 1, new long[] {1, 1, 1, 1}, new long[6]), WEIGHTS_OF_LAYER_3)));
    }

    private static UsedToken token(String text) {
        return UsedToken.of(7, text.getBytes(StandardCharsets.UTF_8));
    }
}
