package io.tributary.decoder;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.tributary.kernels.KeyValueType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** What this shard computes and with how much. */
@ConfigMapping(prefix = "tributary.decoder")
public interface DecoderConfiguration {
    /** The 0-based stage of this shard. */
    @WithDefault("0")
    int stage();

    /** Number of stages that the model's layers are cut into; the same for all shards of a model. */
    @WithDefault("1")
    int stages();

    /**
     * Experts that this shard holds of each of the stage's layers, such as `0-3,7`. With it, the process is an expert shard: it
     * attaches to all routers and computes what they send, and serves no sessions.
     */
    Optional<String> experts();

    /**
     * What routers call this expert shard; unique in the mesh, and the same after a restart. Without it, the host's name and the
     * port of gRPC, such as `shard-a:9000`: give one where hosts get new names.
     */
    Optional<String> shardId();

    /** After how long a session fails for which routers have not brought what experts compute. */
    @WithDefault("60s")
    Duration expertsTimeout();

    /** How long sessions wait for a router while none can be reached, counted from when the last one was lost, or the start. */
    @WithDefault("30s")
    Duration routerAbsenceTimeout();

    /** Threads of the kernels; without it, one per processor. */
    OptionalInt threads();

    /** Memory for the keys and values of all sessions. */
    @WithDefault("512M")
    MemorySize kvCacheSize();

    /** How keys and values are stored: f32, f16, bf16 or q8; the same for all shards of a model. */
    @WithDefault("f16")
    KeyValueType kvCacheType();

    /** How long a shard that loads at start computes made-up tokens, so that its kernels are compiled, before it is ready. */
    @WithDefault("2s")
    Duration warmUp();

    /**
     * Whether packed weights of models of 64 MiB or more are kept on disk, which later starts map instead of packing: faster
     * to the first token, for about as much disk as the model takes.
     */
    @WithDefault("true")
    boolean packingCacheEnabled();

    /**
     * Where; made with permissions for this user only, and refused if others may write to it. Without it, tributary in
     * $XDG_CACHE_HOME or in .cache in the home directory.
     */
    Optional<Path> packingCacheDirectory();

    /** What the files there may take together; those used longest ago are deleted first. */
    @WithDefault("16G")
    MemorySize packingCacheSize();

    /** Positions of prompts that a forward pass takes while other sessions decode: more is faster for prompts, slower for those. */
    @WithDefault("64")
    int promptRows();

    /**
     * Bytes of a lane of the activation log that live sessions may need, to be rebuilt from, before the lane takes no new
     * sessions.
     */
    @WithDefault("512M")
    MemorySize retainedBytesPerLane();

    /** Sessions that may be live on this shard. */
    @WithDefault("256")
    int maxSessions();

    /** A session that gets no record for so long is freed. */
    @WithDefault("5m")
    Duration idleTimeout();
}
