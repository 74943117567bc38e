package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Measured in a JVM of its own: what other tests have run decides on what the compiler inlines, and so on what is allocated. */
class AllocationTest {
    /** About 500 bytes were measured: the argument reduction of StrictMath's sine and cosine. */
    private static final long BOUND = 2 << 10;

    private static final int DEADLINE_SECONDS = 120;

    @ParameterizedTest
    @ValueSource(strings = {"llama", "mixtral"})
    void aWarmForwardPassAllocatesLittlePerToken(String model) throws Exception {
        Process probe = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dtributary.root=" + System.getProperty("tributary.root"),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        AllocationProbe.class.getName(),
                        model,
                        Long.toString(BOUND))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String said = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

            assertThat(probe.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(probe.exitValue()).as(said).isZero();
            assertThat(Long.parseLong(said)).as("bytes per token").isLessThan(BOUND);
        } finally {
            probe.destroyForcibly();
        }
    }
}
