package io.tributary.gateway;

import com.google.rpc.Code;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.tributary.edge.GrpcErrors;
import io.tributary.gateway.ConversationSession.Begun;
import io.tributary.gateway.MeshConnection.Connected;
import io.tributary.proto.gateway.v1.ChatRequest;
import io.tributary.proto.gateway.v1.ChatResponse;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** One call of Chat: answers the client's turns one after the other. For one subscriber. */
final class ChatCall {
    private final ServedCall call;
    private final RandomGenerator seeds;
    private final ChatTurns turns = new ChatTurns();
    private final Conversation conversation = new Conversation();
    private final ConversationSession session;
    private final IdleTimer idle;

    /** @param seeds where seeds come from */
    ChatCall(ServedCall call, RandomGenerator seeds) {
        this.call = call;
        this.seeds = seeds;
        this.session = new ConversationSession(
                call.configuration().chatGrowth(), call.configuration().chatSessionTimeout());
        Duration timeout = call.configuration().chatIdleTimeout();
        this.idle = new IdleTimer(timeout, () -> turns.fail(idleFor(timeout)));
    }

    private static RuntimeException idleFor(Duration timeout) {
        return GrpcErrors.of(
                Code.DEADLINE_EXCEEDED,
                "no turn came for %d s; begin a conversation with the messages so far".formatted(timeout.toSeconds()));
    }

    /** For each turn one TurnStarted, its Tokens and one TurnFinished. */
    Multi<ChatResponse> responses(Multi<ChatRequest> requests) {
        return turns.of(requests)
                .onSubscription()
                .invoke(idle::start)
                .onItem()
                .transformToMultiAndConcatenate(this::answer)
                .onTermination()
                .invoke(this::close);
    }

    private void close() {
        idle.close();
        session.close();
    }

    private Multi<ChatResponse> answer(ChatTurn turn) {
        idle.stop();
        return call.observation().generation(call, true, observed -> answer(turn, observed));
    }

    private Multi<ChatResponse> answer(ChatTurn turn, ObservedRequest observed) {
        return call.mesh()
                .chain(mesh -> Uni.createFrom()
                        .deferred(() -> observed.call().admission(counted(turn.turn()), mesh))
                        .invoke(observed::admitted)
                        .map(admission -> stream(turn, admission, mesh, observed)))
                .onItem()
                .transformToMulti(responses -> responses);
    }

    /** The first turn was counted as the call itself. */
    private GenerationRequest counted(Turn turn) {
        if (conversation.nextTurn() > 1) {
            call.quotas().request(call.client().caller());
        }
        return request(turn);
    }

    private GenerationRequest request(Turn turn) {
        GenerateRequest.Builder request = GenerateRequest.newBuilder()
                .setChat(conversation.prompt(turn))
                .setSampling(turn.getSampling())
                .addAllStop(turn.getStopList())
                .setTopLogprobs(turn.getTopLogprobs());
        if (turn.hasMaxTokens()) {
            request.setMaxTokens(turn.getMaxTokens());
        }
        if (turn.hasConstraint()) {
            request.setConstraint(turn.getConstraint());
        }
        return GenerationRequest.of(request.build(), seeds);
    }

    private Multi<ChatResponse> stream(ChatTurn turn, Admission admission, Connected mesh, ObservedRequest observed) {
        Generations generations = observed.call().generations(mesh);
        Multi<GenerateResponse> responses = Multi.createFrom().deferred(() -> {
            Begun begun = session.begin(generations, admission);
            turn.answer().begin(begun, conversation.nextTurn());
            return begun.generation().responses();
        });
        return call.charged(admission, responses)
                .invoke(observed::response)
                .map(turn.answer()::response)
                .invoke(response -> {
                    if (response.hasFinished()) {
                        finish(turn, admission, generations);
                    }
                });
    }

    /** Before the client hears of it: what it sends then comes behind this turn. */
    private void finish(ChatTurn turn, Admission admission, Generations generations) {
        ChatAnswer answer = turn.answer();
        conversation.answered(turn.turn(), answer.text());
        if (answer.endedByItself()) {
            List<Integer> ids = new ArrayList<>(admission.promptIds());
            ids.addAll(answer.ids());
            answer.begun().generation().keep();
            session.keep(generations, answer.begun(), ids);
        }
        turns.answered(turn);
        idle.start();
    }
}
