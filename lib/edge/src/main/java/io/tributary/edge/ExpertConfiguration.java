package io.tributary.edge;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where the experts of a model's layers are computed; the same for all services of a mesh. */
@ConfigMapping(prefix = "tributary.experts")
public interface ExpertConfiguration {
    /**
     * Who computes the experts: `direct`, each stage those of its own layers; `grpc`, expert shards that a router calls, with
     * little delay; `kafka`, expert shards that a router reaches over the log, for throughput. The tokens are the same.
     */
    @WithDefault("direct")
    Transport transport();

    /**
     * Routers, comma-separated `host:port`. A name with several addresses stands for a router at each: stages use any of
     * them, expert shards offer their experts to all.
     */
    @WithDefault("127.0.0.1:9005")
    List<String> routers();

    /**
     * Models with at most so many experts publish how often any two were chosen together, a counter for each pair; with
     * more, or 0 here, the share of the most frequent pair says how unequal they are.
     */
    @WithDefault("16")
    int pairMetrics();

    /** Certificates (PEM) of those who sign routers' certificates; with it, routers are called over TLS. */
    Optional<Path> tlsAuthority();

    /** This service's certificate (PEM), shown to routers. */
    Optional<Path> tlsCertificate();

    /** The private key of this service's certificate (PEM). */
    Optional<Path> tlsKey();

    /** How work reaches experts. */
    enum Transport {
        DIRECT,
        GRPC,
        KAFKA
    }
}
