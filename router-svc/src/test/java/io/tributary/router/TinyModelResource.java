package io.tributary.router;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Has the service load a tiny model, whose experts shards hold that attach over gRPC. */
public final class TinyModelResource implements QuarkusTestResourceLifecycleManager {
    /** Rows of a stream that may be under way. */
    static final int STREAM_ROWS = 1_000;

    private static final Path DIRECTORY = Path.of("target", "tiny-mixture").toAbsolutePath();

    /** Where the model is. */
    static Path directory() {
        return DIRECTORY;
    }

    @Override
    public Map<String, String> start() {
        TinyMixture.write(DIRECTORY, 17);
        return Map.of(
                "tributary.model.path",
                DIRECTORY.toString(),
                "tributary.experts.transport",
                "grpc",
                // A machine that is busy with other tests may hold a shard's thread up for seconds.
                "tributary.router.silence-timeout",
                "60s",
                "tributary.router.max-rows-per-stream",
                Integer.toString(STREAM_ROWS));
    }

    @Override
    public void stop() {
        try {
            Files.deleteIfExists(DIRECTORY.resolve("model.safetensors"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
