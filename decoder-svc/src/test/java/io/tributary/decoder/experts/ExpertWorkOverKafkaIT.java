package io.tributary.decoder.experts;

import io.tributary.broker.DevBroker;
import io.tributary.broker.DevBrokerConfiguration;
import io.tributary.decoder.MixtureCheckpoint;
import io.tributary.log.ActivationLog;
import io.tributary.log.KafkaLog;
import io.tributary.log.KafkaLogConfiguration;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Work over a real broker. */
class ExpertWorkOverKafkaIT extends ExpertWorkContract {
    @TempDir
    private static Path logDirectory;

    private static @Nullable DevBroker broker;

    @BeforeAll
    static void startBroker() {
        broker = DevBroker.start(DevBrokerConfiguration.onFreePorts(logDirectory));
    }

    @AfterAll
    static void stopBroker() {
        Objects.requireNonNull(broker).close();
    }

    @Override
    ActivationLog openLog() {
        return new KafkaLog(KafkaLogConfiguration.of(
                Objects.requireNonNull(broker).bootstrapServers(), MixtureCheckpoint.EXPERTS, 1));
    }
}
