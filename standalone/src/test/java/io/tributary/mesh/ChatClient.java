package io.tributary.mesh;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.BlockingClientCall;
import io.tributary.proto.gateway.v1.CancelTurn;
import io.tributary.proto.gateway.v1.ChatMessage;
import io.tributary.proto.gateway.v1.ChatRequest;
import io.tributary.proto.gateway.v1.ChatResponse;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc;
import io.tributary.proto.gateway.v1.Token;
import io.tributary.proto.gateway.v1.Turn;
import io.tributary.proto.gateway.v1.TurnFinished;
import io.tributary.proto.gateway.v1.TurnStarted;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A client in one conversation. */
final class ChatClient {
    private static final long DEADLINE_SECONDS = 30;

    /** An answer as the client saw it. */
    record Answer(TurnStarted started, List<Token> tokens, TurnFinished finished) {
        String text() {
            return tokens.stream().map(Token::getText).collect(Collectors.joining()) + finished.getText();
        }
    }

    private final BlockingClientCall<ChatRequest, ChatResponse> call;

    ChatClient(Channel channel) {
        this(channel, DEADLINE_SECONDS);
    }

    ChatClient(Channel channel, long deadlineSeconds) {
        this.call = GatewayServiceGrpc.newBlockingV2Stub(channel)
                .withDeadlineAfter(deadlineSeconds, TimeUnit.SECONDS)
                .chat();
    }

    static Turn.Builder says(String text) {
        return Turn.newBuilder()
                .addMessages(ChatMessage.newBuilder().setRole("user").setContent(text));
    }

    /** Sends a turn and reads its answer. */
    Answer ask(Turn.Builder turn) throws Exception {
        send(turn);
        return answer();
    }

    void send(Turn.Builder turn) throws Exception {
        assertSent(call.write(ChatRequest.newBuilder().setTurn(turn).build()));
    }

    void cancelTurn() throws Exception {
        assertSent(call.write(ChatRequest.newBuilder()
                .setCancel(CancelTurn.getDefaultInstance())
                .build()));
    }

    private static void assertSent(boolean sent) {
        if (!sent) {
            throw new AssertionError("the call has ended");
        }
    }

    private Answer answer() throws Exception {
        TurnStarted started = next().getStarted();
        Answer rest = rest();
        return new Answer(started, rest.tokens(), rest.finished());
    }

    /** Reads the rest of an answer. */
    Answer rest() throws Exception {
        List<Token> tokens = new ArrayList<>();
        ChatResponse response = next();
        for (; response.hasToken(); response = next()) {
            tokens.add(response.getToken());
        }
        return new Answer(TurnStarted.getDefaultInstance(), tokens, response.getFinished());
    }

    ChatResponse next() throws Exception {
        ChatResponse response = call.read();
        if (response == null) {
            throw new AssertionError("the call has ended");
        }
        return response;
    }

    void goAway() {
        call.cancel("the client goes away", null);
    }

    /** Reads to the error that the call ends with. */
    Status failure() throws Exception {
        try {
            while (call.read() != null) {
                assertSent(true);
            }
        } catch (io.grpc.StatusException failure) {
            return failure.getStatus();
        }
        return Status.OK;
    }
}
