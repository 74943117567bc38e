package io.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.decoder.StageLoading;
import org.junit.jupiter.api.Test;

class LoadingBarTest {
    @Test
    void theBarIsAsFullAsLayersAreLoaded() {
        assertThat(LoadingBar.line(new StageLoading(11, 22)))
                .isEqualTo("loading [###############               ] 11 of 22 layers");
        assertThat(LoadingBar.line(new StageLoading(1, 1))).contains("#".repeat(30));
    }
}
