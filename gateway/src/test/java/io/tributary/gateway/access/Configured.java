package io.tributary.gateway.access;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** The configuration as a gateway would read it. */
final class Configured {
    private Configured() {}

    static AccessConfiguration by(Map<String, String> properties) {
        return read(new PropertiesConfigSource(properties, "test", 100));
    }

    static AccessConfiguration byEnvironment(Map<String, String> variables) {
        return read(new EnvConfigSource(variables, 100));
    }

    private static AccessConfiguration read(ConfigSource source) {
        return new SmallRyeConfigBuilder()
                .withSources(source)
                .withMapping(AccessConfiguration.class)
                .build()
                .getConfigMapping(AccessConfiguration.class);
    }
}
