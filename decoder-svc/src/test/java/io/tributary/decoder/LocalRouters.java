package io.tributary.decoder;

import io.tributary.edge.ExpertConfiguration;
import io.tributary.edge.Routers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Routers on this machine. */
public final class LocalRouters {
    private LocalRouters() {}

    private record Settings(
            Transport transport,
            List<String> routers,
            int pairMetrics,
            Optional<Path> tlsAuthority,
            Optional<Path> tlsCertificate,
            Optional<Path> tlsKey)
            implements ExpertConfiguration {}

    /** Those on these ports. */
    public static Routers on(Integer... ports) {
        return new Routers(new Settings(
                ExpertConfiguration.Transport.GRPC,
                List.of(ports).stream().map(port -> "127.0.0.1:" + port).toList(),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }
}
