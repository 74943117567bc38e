package io.tributary.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.chaos.fault.FaultKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ChaosTest {
    private static final int WRONG_USAGE = 2;

    private final StringWriter errors = new StringWriter();

    @Test
    void theHelpNamesAllKindsOfFaultsAndTheOtherCommands() {
        assertThat(Chaos.commandLine().getUsageMessage().replaceAll("\\s+", " "))
                .contains(FaultKind.labels())
                .contains("scale", "drain", "--json", "--directory");
    }

    @Test
    void aKindThatDoesNotExistIsRefusedWithTheOnesThatDo() {
        assertThat(run("--faults", "shard-kill,meteorite")).isEqualTo(WRONG_USAGE);
        assertThat(errors.toString()).contains("meteorite", "broker-restart", "none");
    }

    @Test
    void aFaultOfExpertShardsIsRefusedWithoutThem() {
        assertThat(run("--faults", "expert-kill")).isEqualTo(WRONG_USAGE);
        assertThat(errors.toString()).contains("expert-kill", "--experts");
    }

    @Test
    void numbersThatAreNotPossibleAreRefusedWithTheirBounds() {
        assertThat(run("--minutes", "0")).isEqualTo(WRONG_USAGE);
        assertThat(run("--sessions", "1000")).isEqualTo(WRONG_USAGE);
        assertThat(run("--experts", "9")).isEqualTo(WRONG_USAGE);
        assertThat(run("--experts", "2", "--routers", "0")).isEqualTo(WRONG_USAGE);
        assertThat(run("--experts", "2", "--expert-transport", "pigeons")).isEqualTo(WRONG_USAGE);
        assertThat(run("scale", "--seconds", "0")).isEqualTo(WRONG_USAGE);
        assertThat(run("drain", "--times", "0")).isEqualTo(WRONG_USAGE);
        assertThat(errors.toString())
                .contains("--minutes is 0", "--sessions is 1000", "--seconds is 0", "--times is 0")
                .contains("--experts is 9", "--routers is 0", "pigeons", "kafka");
    }

    private int run(String... arguments) {
        return Chaos.commandLine().setErr(new PrintWriter(errors, true)).execute(arguments);
    }
}
