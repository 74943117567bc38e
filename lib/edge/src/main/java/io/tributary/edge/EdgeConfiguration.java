package io.tributary.edge;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What services other than the gateway ask of those who reach them. */
@ConfigMapping(prefix = "tributary.edge")
public interface EdgeConfiguration {
    /** Whether a service may listen on other addresses than loopback without asking for certificates of the mesh. */
    @WithDefault("false")
    boolean allowPlaintextRemote();
}
