package io.tributary.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointNameTest {
    @ParameterizedTest
    @CsvSource({
        "/models/Foo_Bar.Q8_0.gguf, foo-bar-q8-0",
        "/models/kjv-2.6m, kjv-2-6m",
        "/models/kjv-2.6m/, kjv-2-6m",
        "/models/a/../b, b",
        "/models/__x__, x",
        "/models/Straße.GGUF, stra-e",
        "/hub/models--Qwen--Qwen3-0.6B/snapshots/c1899de2, qwen3-0-6b",
        "/hub/models--gpt2/snapshots/c1899de2, gpt2",
        "/hub/other/snapshots/c1899de2, c1899de2",
        "/models/模型, model",
        "/, model",
    })
    void aNameIsTheLastPartInSmallLettersDigitsAndDashes(String path, String name) {
        assertThat(CheckpointName.of(Path.of(path))).isEqualTo(name);
    }
}
