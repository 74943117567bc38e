package io.tributary.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BrokerArgumentsTest {
    @Test
    void allArgumentsAreTakenInAnyOrder() {
        BrokerArguments arguments = BrokerArguments.parse(
                "--ready-file", "run/ready", "--port", "9092", "--data", "run/data", "--controller-port", "9093");
        assertThat(arguments.broker()).isEqualTo(new DevBrokerConfiguration(Path.of("run/data"), 9092, 9093));
        assertThat(arguments.readyFile()).contains(Path.of("run/ready"));
    }

    @Test
    void theReadyFileMayBeLeftOut() {
        assertThat(BrokerArguments.parse("--data", "d", "--port", "1", "--controller-port", "65535")
                        .readyFile())
                .isEmpty();
    }

    @Test
    void aMissingArgumentIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BrokerArguments.parse("--data", "d", "--port", "9092"))
                .withMessageContaining("--controller-port is missing");
    }

    @Test
    void anUnknownArgumentIsRefusedWithTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BrokerArguments.parse("--prot", "9092"))
                .withMessageContaining("--prot")
                .withMessageContaining("--port PORT");
    }

    @Test
    void anArgumentWithoutItsValueIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BrokerArguments.parse("--port"))
                .withMessageContaining("--port lacks its value");
    }

    @Test
    void anArgumentGivenTwiceIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BrokerArguments.parse("--port", "1", "--port", "2"))
                .withMessageContaining("--port is given twice");
    }

    @Test
    void aPortThatIsNoNumberIsRefusedWithItsValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BrokerArguments.parse("--data", "d", "--port", "90x2", "--controller-port", "1"))
                .withMessageContaining("--port is \"90x2\"");
    }

    @Test
    void aPortOutOfRangeOrUsedTwiceIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DevBrokerConfiguration(Path.of("d"), 65536, 1))
                .withMessageContaining("65536");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DevBrokerConfiguration(Path.of("d"), 9092, 0))
                .withMessageContaining("controller port 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DevBrokerConfiguration(Path.of("d"), 9092, 9092))
                .withMessageContaining("two different ports");
    }
}
