package io.tributary.edge;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The routers of the mesh, as configured: where they are, and channels to them. Thread-safe. */
@ApplicationScoped
public class Routers {
    /** Largest message of a router or to one: the rows of a pass and their routing. */
    public static final int MAXIMAL_MESSAGE_BYTES = 64 << 20;

    private static final long KEEP_ALIVE_SECONDS = 20;
    private static final long KEEP_ALIVE_TIMEOUT_SECONDS = 10;

    private final ExpertConfiguration configuration;

    @Inject
    public Routers(ExpertConfiguration configuration) {
        this.configuration = configuration;
    }

    /**
     * The routers that there are now, in the order of the configuration and without doubles. Asks for the names each time, and
     * may wait for the answers. A name that nobody knows, such as that of a router that does not run yet, stands for none.
     *
     * @throws ConfigurationException for an entry that is no {@code host:port}
     */
    public List<RouterAddress> resolve() {
        List<RouterAddress> found = new ArrayList<>();
        for (String entry : configuration.routers()) {
            HostAndPort place = HostAndPort.of(entry);
            for (InetAddress address : addresses(place.host())) {
                RouterAddress router = new RouterAddress(place.host(), address, place.port());
                if (!found.contains(router)) {
                    found.add(router);
                }
            }
        }
        return found;
    }

    private static List<InetAddress> addresses(String host) {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException _) {
            return List.of();
        }
    }

    /** The configured names, for messages. */
    public String names() {
        return String.join(", ", configuration.routers());
    }

    /**
     * A channel to one router, connected when it is first used. Certificates are read anew for each channel.
     *
     * @throws ConfigurationException for certificates that cannot be read
     */
    public ManagedChannel open(RouterAddress router) {
        return Grpc.newChannelBuilderForAddress(router.address().getHostAddress(), router.port(), credentials())
                .overrideAuthority(HostAndPort.authority(router.host(), router.port()))
                .maxInboundMessageSize(MAXIMAL_MESSAGE_BYTES)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .build();
    }

    private ChannelCredentials credentials() {
        Optional<Path> authority = configuration.tlsAuthority();
        if (authority.isEmpty()) {
            return InsecureChannelCredentials.create();
        }
        try {
            TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder()
                    .trustManager(authority.get().toFile());
            if (configuration.tlsCertificate().isPresent()) {
                credentials.keyManager(configuration.tlsCertificate().get().toFile(), key().toFile());
            }
            return credentials.build();
        } catch (IOException failure) {
            throw new ConfigurationException(
                    "a certificate or key of tributary.experts.tls-* cannot be read: " + failure.getMessage(), failure);
        }
    }

    private Path key() {
        return configuration
                .tlsKey()
                .orElseThrow(() -> new ConfigurationException(
                        "tributary.experts.tls-certificate is set, but its tributary.experts.tls-key is not"));
    }
}
