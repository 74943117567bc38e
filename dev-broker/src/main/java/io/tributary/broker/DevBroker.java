package io.tributary.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/** A Kafka broker and its controller inside this JVM, reachable from this machine only. */
public final class DevBroker implements AutoCloseable {
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(10);

    private final DevBrokerConfiguration configuration;
    private final KafkaRaftServer server;
    private final AtomicBoolean closed = new AtomicBoolean();

    private DevBroker(DevBrokerConfiguration configuration, KafkaRaftServer server) {
        this.configuration = configuration;
        this.server = server;
    }

    /**
     * Starts a broker and returns when it takes requests.
     *
     * @throws DevBrokerException when a port is taken, the data directory is unfit or in use, or Kafka does not start
     */
    public static DevBroker start(DevBrokerConfiguration configuration) {
        // Kafka ends the whole JVM when its controller cannot listen, so the ports are looked at first.
        requireFree(configuration.port());
        requireFree(configuration.controllerPort());
        DataDirectory.prepare(configuration.dataDirectory());
        try {
            KafkaRaftServer server =
                    new KafkaRaftServer(new KafkaConfig(BrokerSettings.of(configuration), false), Time.SYSTEM);
            server.startup();
            return new DevBroker(configuration, server);
        } catch (RuntimeException failure) {
            throw new DevBrokerException(
                    "the broker on port %d with its data in %s did not start: %s"
                            .formatted(configuration.port(), configuration.dataDirectory(), failure.getMessage()),
                    failure);
        }
    }

    /** What clients are told, {@code host:port}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + configuration.port();
    }

    /**
     * Stops the broker; its data stays. Idempotent.
     *
     * @throws DevBrokerException when it has not stopped after ten seconds
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Thread stopping = Thread.ofPlatform().daemon().name("broker-stop").start(() -> {
            server.shutdown();
            server.awaitShutdown();
        });
        try {
            if (!stopping.join(STOP_DEADLINE)) {
                throw new DevBrokerException(
                        "the broker on port %d has not stopped after %d s; the next start recovers its data"
                                .formatted(configuration.port(), STOP_DEADLINE.toSeconds()),
                        null);
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new DevBrokerException("interrupted while the broker was stopping", interruption);
        }
    }

    private static void requireFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        } catch (IOException taken) {
            throw new DevBrokerException(
                    "port %d of 127.0.0.1 cannot be listened on (%s); stop who uses it or name another"
                            .formatted(port, taken.getMessage()),
                    taken);
        }
    }
}
