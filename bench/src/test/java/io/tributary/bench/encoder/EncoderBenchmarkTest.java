package io.tributary.bench.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class EncoderBenchmarkTest {
    @Test
    void bothWaysAreMeasuredOnTheSameFileAndAgree() {
        EncoderFile unpacked = EncoderFile.ofMaven();
        try (EncoderFile file = unpacked;
                EncoderBenchmark benchmark = new EncoderBenchmark(file.path(), 1)) {
            EncoderRate rate = benchmark.run(2, 3);
            assertThat(rate.ours()).isPositive();
            assertThat(rate.peers()).isPositive();
            assertThat(rate.row()).matches(" +1 +2 +3 +[0-9.]+ +[0-9.]+ +[0-9.]+");
        }
        assertThat(Files.exists(unpacked.path())).isFalse();
    }
}
