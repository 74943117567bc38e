package io.tributary.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tributary.models.architecture.ExpertCapacity;
import io.tributary.models.architecture.Gating;
import io.tributary.models.experts.Routing;
import io.tributary.proto.log.v1.LayerRouting;
import io.tributary.proto.router.v1.RouteResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterEqualityTest {
    private static final List<Gating> GATINGS = List.of(
            new Gating.TopKThenSoftmax(2),
            new Gating.SoftmaxThenTopK(3, false),
            new Gating.SigmoidTopK(2, false, 4, 2, true, 2.5f),
            new Gating.SwitchTopOne(new ExpertCapacity.Share(0.75)),
            new Gating.ExpertChoice(new ExpertCapacity.Share(1.5)));
    private static final List<List<String>> SPLITS = List.of(
            List.of("0-7"), List.of("0-3", "4-7"), List.of("0,4", "1,5", "2,6", "3,7"), List.of("0-7", "0-7", "2-5"));

    @TempDir
    Path directory;

    private static Stream<Arguments> gatingsAndSplits() {
        return GATINGS.stream().flatMap(gating -> SPLITS.stream().map(split -> Arguments.of(gating, split)));
    }

    @ParameterizedTest
    @MethodSource("gatingsAndSplits")
    void anAnswerHasTheBitsOfRowsComputedAloneWhereverTheirExpertsAre(Gating gating, List<String> split) {
        long seed = 5;
        Random random = new Random(seed);
        try (RouterRig rig = new RouterRig(directory, gating, RouterRig.LIMITS)) {
            for (int shard = 0; shard < split.size(); shard++) {
                FakeShard.attach(rig, "shard-" + shard, split.get(shard));
            }
            List<FakeClient> clients =
                    Stream.generate(() -> new FakeClient(rig)).limit(3).toList();
            List<ByteString> expected = new ArrayList<>();
            for (FakeClient client : clients) {
                int layer = TinyMixture.EXPERT_LAYERS.get(random.nextInt(2));
                int[] lengths = random.ints(1 + random.nextInt(4), 1, 20).toArray();
                ByteString states = RouterRig.states(
                        random.nextLong(), IntStream.of(lengths).sum());
                client.send(1, layer, states, lengths);
                expected.add(rig.experts().expected(layer, states, lengths));
            }
            rig.loop().advance(RouterRig.WINDOW);
            for (int client = 0; client < clients.size(); client++) {
                RouteResponse answer = clients.get(client).answer();
                assertThat(answer.getFailuresList()).isEmpty();
                assertThat(answer.getHiddenStates())
                        .as("client %d, seed %d", client, seed)
                        .isEqualTo(expected.get(client));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 17, 64, 257})
    void aRowHasTheSameBitsAmongAnyNumberOfOthers(int rows) {
        try (RouterRig rig = new RouterRig(directory)) {
            FakeShard.attach(rig, "one", "0-3");
            FakeShard.attach(rig, "two", "4-7");
            FakeClient client = new FakeClient(rig);
            ByteString states = RouterRig.states(rows, rows);
            client.send(1, 2, states);
            rig.loop().run();
            assertThat(client.answer().getHiddenStates())
                    .isEqualTo(rig.experts().expected(2, states, rows));
        }
    }

    @Test
    void theAnswerTellsWhichExpertsEachPositionGot() {
        try (RouterRig rig =
                new RouterRig(directory, new Gating.ExpertChoice(new ExpertCapacity.Share(1.2)), RouterRig.LIMITS)) {
            FakeShard.attach(rig, "all", "0-7");
            FakeClient client = new FakeClient(rig);
            ByteString states = RouterRig.states(3, 30);
            client.send(rig.request(1, 0, states).setReportsRouting(true).build());
            rig.loop().run();
            LayerRouting reported = client.answer().getRouting();
            assertThat(reported.getLayer()).isZero();
            assertThat(reported.getCountsCount()).isEqualTo(30);
            assertSame(reported, rig.experts().routing(0, states));
        }
    }

    private static void assertSame(LayerRouting reported, Routing expected) {
        List<String> assignments = new ArrayList<>();
        int place = 0;
        for (int position = 0; position < reported.getCountsCount(); position++) {
            for (int rank = 0; rank < reported.getCounts(position); rank++) {
                assignments.add(position + " " + reported.getExperts(place) + " " + reported.getWeights(place));
                place++;
            }
        }
        assertThat(place).isEqualTo(expected.size()).isEqualTo(reported.getExpertsCount());
        for (int expert = 0; expert < expected.experts(); expert++) {
            for (int index = 0; index < expected.count(expert); index++) {
                assertThat(assignments)
                        .contains(expected.row(expert, index) + " " + expert + " " + expected.weight(expert, index));
            }
        }
    }

    @Test
    void loadsAreCountedAtTheGate() {
        try (RouterRig rig = new RouterRig(directory)) {
            FakeShard.attach(rig, "all", "0-7");
            FakeClient client = new FakeClient(rig);
            ByteString states = RouterRig.states(8, 25);
            client.send(1, 2, states);
            rig.loop().run();
            Routing routing = rig.experts().routing(2, states);
            assertThat(rig.router().describe().getLoads(1).getLayer()).isEqualTo(2);
            assertThat(rig.router().describe().getLoads(1).getPositions()).isEqualTo(25);
            assertThat(rig.router().describe().getLoads(1).getChosenList())
                    .containsExactlyElementsOf(IntStream.range(0, TinyMixture.EXPERTS)
                            .mapToObj(expert -> (long) routing.count(expert))
                            .toList());
        }
    }
}
