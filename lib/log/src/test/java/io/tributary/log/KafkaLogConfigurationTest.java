package io.tributary.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaLogConfigurationTest {
    @Test
    void valuesOutOfRangeAreRefusedWithTheirNames() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KafkaLogConfiguration.of(" ", 3, 1))
                .withMessageContaining("bootstrap servers");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KafkaLogConfiguration.of("localhost:9092", 0, 1))
                .withMessageContaining("lanes of the log: \"0\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KafkaLogConfiguration.of("localhost:9092", 3, 32768))
                .withMessageContaining("replication of the log: \"32768\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> timed(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .withMessageContaining("retention");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> timed(Duration.ofSeconds(1), Duration.ofMillis(999), Duration.ofSeconds(1)))
                .withMessageContaining("deadline of the log: \"PT0.999S\"; 1 s to 10 min");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> timed(Duration.ofSeconds(1), Duration.ofMinutes(11), Duration.ofMinutes(12)))
                .withMessageContaining("deadline");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> timed(Duration.ofSeconds(1), Duration.ofSeconds(9), Duration.ofSeconds(8)))
                .withMessageContaining("delivery timeout of the log: \"PT8S\"; the deadline, PT9S, to 30 min");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> timed(Duration.ofSeconds(1), Duration.ofSeconds(9), Duration.ofMinutes(31)))
                .withMessageContaining("PT31M");
    }

    @Test
    void theLogsOwnSettingsWinOverThoseOfTheClient() {
        KafkaLogConfiguration configuration = new KafkaLogConfiguration(
                "localhost:9092",
                3,
                1,
                KafkaLogConfiguration.DEFAULT_RETENTION,
                KafkaLogConfiguration.DEFAULT_DEADLINE,
                KafkaLogConfiguration.DEFAULT_DELIVERY_TIMEOUT,
                Map.of("acks", "0", "security.protocol", "SSL"));
        assertThat(KafkaSettings.producer(configuration))
                .containsEntry("acks", "all")
                .containsEntry("security.protocol", "SSL");
    }

    private static KafkaLogConfiguration timed(Duration retention, Duration deadline, Duration deliveryTimeout) {
        return new KafkaLogConfiguration("localhost:9092", 3, 1, retention, deadline, deliveryTimeout, Map.of());
    }
}
