package io.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.mesh.MixtureModel;
import io.tributary.mesh.ShippedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What `tributary mesh up` says to experts that cannot be, before it starts anything. */
class MeshUpExpertsIT {
    private static final int USAGE = 2;

    @TempDir
    Path directory = Path.of("");

    @Test
    void moreShardsThanExpertsAreRefused() throws IOException {
        assertRefused(USAGE, "--experts: 6 experts cannot be spread over 7 shards", "--experts", "7");
    }

    @Test
    void setsThatLeaveAnExpertOutAreRefused() throws IOException {
        assertRefused(USAGE, "--experts: no shard holds expert 4", "--experts", "0-3/5");
    }

    @Test
    void whatIsNeitherANumberNorSetsIsRefusedWithTheForm() throws IOException {
        assertRefused(USAGE, "such as 0-3,7", "--experts", "all");
    }

    @Test
    void routersWithoutShardsAreRefused() throws IOException {
        assertRefused(USAGE, "need --experts", "--routers", "2");
    }

    @Test
    void anUnknownTransportIsRefused() throws IOException {
        assertRefused(
                USAGE,
                "--expert-transport is \"pigeon\"; grpc and kafka are possible",
                "--experts",
                "2",
                "--expert-transport",
                "pigeon");
    }

    @Test
    void aModelWithoutExpertsHasNoneToPlace() {
        assertFails(1, "has no experts", ShippedModel.PATH, "--experts", "2");
    }

    private void assertRefused(int status, String message, String... options) throws IOException {
        assertFails(status, message, MixtureModel.write(Files.createDirectory(directory.resolve("mixture"))), options);
    }

    private void assertFails(int status, String message, Path model, String... options) {
        List<String> arguments = new ArrayList<>(List.of("mesh", "up", "--model", model.toString()));
        arguments.addAll(List.of("--directory", directory.resolve("mesh").toString()));
        arguments.addAll(List.of(options));

        CommandResult result = CommandProcess.run(arguments.toArray(String[]::new));

        assertThat(result.messages()).singleElement().asString().contains(message);
        assertThat(result.status()).isEqualTo(status);
        assertThat(directory.resolve("mesh")).doesNotExist();
    }
}
