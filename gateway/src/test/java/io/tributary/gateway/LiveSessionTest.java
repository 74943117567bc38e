package io.tributary.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.tributary.edge.GrpcErrors;
import io.tributary.proto.log.v1.FinishReason;
import io.tributary.proto.log.v1.PromptRouting;
import io.tributary.proto.log.v1.SampledToken;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LiveSessionTest {
    private static final int PROMPT = 3;

    private final AtomicReference<@Nullable LiveSession> session = new AtomicReference<>();
    private final AssertSubscriber<SampledToken> client = subscribe(PromptRoutingParts.none());

    private AssertSubscriber<SampledToken> subscribe(PromptRoutingParts routing) {
        return Multi.createFrom()
                .<SampledToken>emitter(tokens -> session.set(new LiveSession("0-0-x", PROMPT, false, routing, tokens)))
                .subscribe()
                .withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));
    }

    @Test
    void repeatedAndShuffledRecordsGiveEachTokenOnceAndInOrder() {
        long seed = System.nanoTime();
        List<Integer> positions = new ArrayList<>();
        for (int copy = 0; copy < 3; copy++) {
            IntStream.range(PROMPT, PROMPT + 50).forEach(positions::add);
        }
        Collections.shuffle(positions, new Random(seed));

        positions.forEach(position -> session().token(token(position)));

        assertThat(client.getItems())
                .as("seed %d", seed)
                .extracting(SampledToken::getPosition)
                .containsExactlyElementsOf(
                        IntStream.range(PROMPT, PROMPT + 50).boxed().toList());
    }

    @Test
    void nothingFollowsTheLastToken() {
        session()
                .token(token(PROMPT).toBuilder()
                        .setFinishReason(FinishReason.FINISH_REASON_LENGTH)
                        .build());
        session().token(token(PROMPT + 1));
        session().failedByStage(GrpcErrors.of(Code.DEADLINE_EXCEEDED, "too late"));

        assertThat(client.getItems()).hasSize(1);
        client.assertCompleted();
        assertThat(session().ended()).isTrue();
    }

    @Test
    void aClientThatDoesNotReadIsToldToResume() {
        for (int position = PROMPT; position < PROMPT + 2000; position++) {
            session().token(token(position));
        }
        assertThat(session().abandoned()).isTrue();
        assertThat(client.getFailure()).hasMessageContaining("resume session 0-0-x");
    }

    @Test
    void noTokenComesBeforeTheRoutingOfThePromptIsComplete() {
        AssertSubscriber<SampledToken> routed = subscribe(new PromptRoutingParts(0, PROMPT - 1));
        session().token(token(PROMPT));
        session().token(token(PROMPT + 1));
        session().routing(part(1));
        assertThat(routed.getItems()).isEmpty();

        session().routing(part(0));
        session().token(token(PROMPT + 2));

        assertThat(routed.getItems())
                .extracting(SampledToken::getPosition)
                .containsExactly(PROMPT, PROMPT + 1, PROMPT + 2);
    }

    private static PromptRouting part(int position) {
        return PromptRouting.newBuilder()
                .setFirstPosition(position)
                .addLayers(ShardStandIn.routing(position, position + 1))
                .build();
    }

    private LiveSession session() {
        return Objects.requireNonNull(session.get(), "nobody has subscribed");
    }

    private static SampledToken token(int position) {
        return SampledToken.newBuilder().setPosition(position).build();
    }
}
