package io.tributary.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.log.v1.PromptRouting;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PromptRoutingPartsTest {
    private static final int END = 60;

    @Test
    void partsThatOverlapAndComeInAnyOrderGiveEachPositionOnce() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int first = random.nextInt(END);
            PromptRoutingParts parts = new PromptRoutingParts(first, END);
            while (!parts.complete()) {
                int begin = random.nextInt(END + 5);
                parts.add(part(begin, begin + random.nextInt(10)));
            }
            assertThat(positions(parts))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(IntStream.range(first, END).boxed().toList());
        }
    }

    @Test
    void aPromptOfWhichNothingIsWantedIsCompleteAndTakesNothing() {
        for (PromptRoutingParts parts : List.of(PromptRoutingParts.none(), new PromptRoutingParts(70, END))) {
            parts.add(part(0, 10));

            assertThat(parts.complete()).isTrue();
            assertThat(parts.responses()).isEmpty();
        }
    }

    private static PromptRouting part(int begin, int end) {
        return PromptRouting.newBuilder()
                .setFirstPosition(begin)
                .addLayers(ShardStandIn.routing(begin, end))
                .build();
    }

    /** The positions that are told of, each of which has the expert of its number. */
    private static List<Integer> positions(PromptRoutingParts parts) {
        List<Integer> positions = new ArrayList<>();
        for (GenerateResponse response : parts.responses().toList()) {
            int position = response.getPromptRouting().getFirstPosition();
            for (var routing : response.getPromptRouting().getPositionsList()) {
                assertThat(routing.getLayers(0).getExpertsList()).containsExactly(position);
                assertThat(routing.getLayers(0).getWeightsList()).containsExactly((float) position);
                positions.add(position++);
            }
        }
        return positions;
    }
}
