package io.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.Status;
import io.tributary.checkpoints.Checkpoint;
import io.tributary.mesh.MixtureModel;
import io.tributary.mesh.ShippedModel;
import io.tributary.models.experts.ExpertSet;
import io.tributary.proto.router.v1.PlaceExpertsRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** `tributary plan`. */
class PlanCommandIT {
    private static final int USAGE = 2;

    @TempDir
    Path directory = Path.of("");

    @Test
    void withoutAMeasurementExpertsAreSpreadEvenlyAndItSaysSo() throws IOException {
        CommandResult result = CommandProcess.run("plan", "--model", model(), "--shards", "2");

        assertThat(result.messages()).isEmpty();
        assertThat(result.output())
                .contains("6 experts in 2 layers for 2 shards of up to 3; loads: none were measured")
                .containsPattern("shard 0 +0-2 +50\\.0 % +0\\.1 MiB")
                .containsPattern("shard 1 +3-5 +50\\.0 % +0\\.1 MiB")
                .contains("mesh up --experts 0-2/3-5");
        assertThat(result.status()).isZero();
    }

    @Test
    void aTextIsRunToMeasureTheLoad() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "In the beginning was the Word. ".repeat(40));

        JsonNode plan = json(CommandProcess.run(
                "plan", "--json", "--model", model(), "--shards", "3", "--slots", "3", "--text", text.toString()));

        assertThat(plan.get("rows").asLong()).isGreaterThan(40L * MixtureModel.CHOSEN * 2);
        assertThat(plan.get("rows").asLong() % (MixtureModel.CHOSEN * 2L)).isZero();
        assertThat(plan.get("imbalance").asDouble())
                .isBetween(1.0, plan.get("imbalance_before").asDouble());
        assertThat(plan.get("shards")).hasSize(3);
    }

    @Test
    void whatRoutersHaveMeasuredIsAddedUpAndEachOfThemIsToldOfThePlan() throws IOException {
        try (FakeRouter one = router().load(0, 90, 0, 5, 5, 0, 0).load(2, 50, 10, 10, 10, 10, 10);
                FakeRouter two = router().load(0, 90, 0, 5, 5, 0, 0).load(2, 50, 10, 10, 10, 10, 10)) {
            String routers = one.address() + "," + two.address();

            JsonNode plan = json(CommandProcess.run(
                    "plan", "--json", "--model", model(), "--router", routers, "--slots", "4", "--apply"));

            assertThat(plan.get("rows").asLong()).isEqualTo(400);
            assertThat(plan.get("before").asText()).isEqualTo("present");
            assertThat(plan.get("speed_up").asDouble()).isGreaterThan(1.4);
            assertThat(plan.get("imbalance").asDouble()).isEqualTo(1);
            assertThat(plan.get("shards").findValuesAsText("replicated"))
                    .allSatisfy(replicated ->
                            assertThat(ExpertSet.parse(replicated).contains(0)).isTrue());
            assertThat(plan.get("shards").findValuesAsText("shard")).containsExactly("a", "b");
            assertThat(plan.get("held").get("a").asText())
                    .isEqualTo(plan.get("shards").get(0).get("experts").asText());
            assertThat(one.placements())
                    .isEqualTo(two.placements())
                    .singleElement()
                    .extracting(PlaceExpertsRequest::getShardsCount)
                    .isEqualTo(2);
        }
    }

    @Test
    void routersThatHaveGatedNothingGiveAnEvenPlan() throws IOException {
        try (FakeRouter router = router().load(0, new long[6]).load(2, new long[6])) {
            CommandResult result = CommandProcess.run("plan", "--router", router.address());

            assertThat(result.output())
                    .contains("the routers have gated nothing yet")
                    .contains("mesh up --experts 0-2/3-5");
        }
    }

    @Test
    void aRouterThatRefusesIsQuoted() throws IOException {
        try (FakeRouter router = router().refusing(Status.FAILED_PRECONDITION.withDescription("there is no model"))) {
            CommandResult result = CommandProcess.run("plan", "--router", router.address());

            assertThat(result.messages())
                    .containsExactly("tributary: the router at %s answers: there is no model (FAILED_PRECONDITION)"
                            .formatted(router.address()));
            assertThat(result.status()).isOne();
        }
    }

    @Test
    void nothingIsMovedWhenARouterCannotBeTold() throws IOException {
        String silent = "127.0.0.1:" + LoopbackPort.freeAndLasting();
        try (FakeRouter router = router().load(0, new long[6]).load(2, new long[6])) {
            CommandResult result = CommandProcess.run("plan", "--router", router.address() + "," + silent, "--apply");

            assertThat(result.messages())
                    .containsExactly(
                            "tributary: no router answers at " + silent,
                            "tributary: no router answers at " + silent
                                    + "; nothing was changed, as all routers must be told");
            assertThat(router.placements()).isEmpty();
            assertThat(result.status()).isOne();
        }
    }

    @Test
    void withoutAnyRouterThereIsNoPlan() {
        String silent = "127.0.0.1:" + LoopbackPort.freeAndLasting();

        assertFails(1, "no router answers at " + silent, "--router", silent);
    }

    @Test
    void anotherModelThanTheRoutersIsRefused() throws IOException {
        try (FakeRouter router =
                new FakeRouter("another", 6).load(0, 1, 1, 1, 1, 1, 1).shard("a", 0, 1, 2, 3, 4, 5)) {
            assertFails(1, "serve another model", "--router", router.address(), "--model", model());
        }
    }

    @Test
    void whatCannotBePlannedIsRefusedWithWhatWouldDo() throws IOException {
        assertFails(1, "has no experts", "--model", ShippedModel.PATH.toString(), "--shards", "2");
        assertFails(USAGE, "--shards is missing", "--model", model());
        assertFails(USAGE, "3 slots would do", "--model", model(), "--shards", "2", "--slots", "2");
        assertFails(USAGE, "--apply needs --router", "--model", model(), "--shards", "2", "--apply");
        assertFails(USAGE, "--router is \"here\"", "--router", "here");
    }

    private static void assertFails(int status, String message, String... options) {
        String[] arguments = new String[options.length + 1];
        arguments[0] = "plan";
        System.arraycopy(options, 0, arguments, 1, options.length);

        CommandResult result = CommandProcess.run(arguments);

        assertThat(result.messages()).singleElement().asString().contains(message);
        assertThat(result.output()).isEmpty();
        assertThat(result.status()).isEqualTo(status);
    }

    private FakeRouter router() throws IOException {
        return new FakeRouter(fingerprint(), MixtureModel.EXPERTS)
                .shard("a", 0, 1, 2)
                .shard("b", 3, 4, 5);
    }

    private String fingerprint() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(Path.of(model()))) {
            return checkpoint.fingerprint();
        }
    }

    private String model() throws IOException {
        Path model = directory.resolve("mixture");
        return Files.exists(model)
                ? model.toString()
                : MixtureModel.write(Files.createDirectory(model)).toString();
    }

    private static JsonNode json(CommandResult result) throws IOException {
        assertThat(result.messages()).isEmpty();
        assertThat(result.status()).isZero();
        return new ObjectMapper().readTree(result.output());
    }
}
