package io.tributary.log;

import io.tributary.broker.DevBroker;
import io.tributary.broker.DevBrokerConfiguration;
import java.nio.file.Path;

/** A broker that can be stopped, and started again with the same ports and data. */
final class MortalBroker implements AutoCloseable {
    private final DevBrokerConfiguration configuration;
    private DevBroker running;

    MortalBroker(Path directory) {
        this.configuration = DevBrokerConfiguration.onFreePorts(directory);
        this.running = DevBroker.start(configuration);
    }

    String bootstrapServers() {
        return running.bootstrapServers();
    }

    void stop() {
        running.close();
    }

    void startAgain() {
        running = DevBroker.start(configuration);
    }

    @Override
    public void close() {
        stop();
    }
}
