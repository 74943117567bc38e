package io.tributary.edge;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/** Lets no process start that strangers could reach and nothing would keep out. */
@ApplicationScoped
public class RemoteBindings {
    /** Before a model is loaded, which takes minutes. */
    private static final int FIRST = 1;

    private final RemoteAccess access;
    private final Config configuration;

    @Inject
    RemoteBindings(RemoteAccess access, Config configuration) {
        this.access = access;
        this.configuration = configuration;
    }

    void onStart(@Observes @Priority(FIRST) StartupEvent event) {
        for (String property : access.guardedHosts()) {
            Optional<String> host = configuration.getOptionalValue(property, String.class);
            if (host.isPresent() && !isLoopback(host.get())) {
                access.missing().ifPresent(missing -> {
                    throw new ConfigurationException(
                            "%s is %s, which others can reach, but %s".formatted(property, host.get(), missing));
                });
            }
        }
    }

    /** A name that nobody knows is none of this machine. */
    static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }
}
