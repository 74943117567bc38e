package io.tributary.router;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the router groups rows, and how long it waits for whom. */
@ConfigMapping(prefix = "tributary.router")
public interface RouterConfiguration {
    /**
     * How long a request waits at most for others of the same layer, so that experts see matrices and not vectors. It does
     * not wait when no other stream could send any.
     */
    @WithDefault("0.0005s")
    Duration groupingWindow();

    /** Rows that are gated together at most, and that a request may have. */
    @WithDefault("2048")
    int maxWindowRows();

    /** Rows of a stream under way before no more of its requests are read; a request more may be taken. */
    @WithDefault("4096")
    int maxRowsPerStream();

    /** Rows of all streams under way before no more requests are read; one more of each stream may be taken. */
    @WithDefault("16384")
    int maxRows();

    /** Bytes of rows in one message to an expert shard; a single row may take more. */
    @WithDefault("2M")
    MemorySize maxMessageSize();

    /** After how long a request that is not answered fails. */
    @WithDefault("2m")
    Duration requestTimeout();

    /** After how long work that an expert shard has not answered goes to another one. */
    @WithDefault("30s")
    Duration workTimeout();

    /** How often the same rows are given to expert shards before they fail. */
    @WithDefault("5")
    int maxAttempts();

    /** The first pause before rows go to a shard that has failed them before; each further one is up to twice as long. */
    @WithDefault("50ms")
    Duration retryDelay();

    /** The shortest time after which a second replica is asked for what the first one has not answered. */
    @WithDefault("50ms")
    Duration hedgeDelay();

    /** A second replica is asked no sooner than after so many times the median of recent works of about the same size. */
    @WithDefault("4")
    double hedgeFactor();

    /** How long requests wait for an expert that no shard holds, counted from when the last one was lost, or the start. */
    @WithDefault("30s")
    Duration absenceTimeout();

    /** How often an expert shard says that it lives. */
    @WithDefault("500ms")
    Duration heartbeatInterval();

    /** An expert shard that has said nothing for so long is given up. */
    @WithDefault("3s")
    Duration silenceTimeout();

    /** Threads of the gates' kernels, and with `tributary.experts.transport=direct` of the experts'. */
    @WithDefault("1")
    int threads();
}
