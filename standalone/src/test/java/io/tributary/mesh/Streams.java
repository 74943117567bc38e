package io.tributary.mesh;

import com.google.protobuf.ByteString;
import io.tributary.proto.gateway.v1.Finished;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc.GatewayServiceBlockingStub;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.ResumeRequest;
import io.tributary.proto.gateway.v1.Started;
import io.tributary.proto.gateway.v1.Token;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A generation as a client saw it.
 *
 * @param started the first message
 * @param tokens in order
 * @param finished the last message
 */
record Streams(Started started, List<Token> tokens, Finished finished) {
    private static final int DEADLINE_SECONDS = 60;

    /** Streams one generation to its end. */
    static Streams read(GatewayServiceBlockingStub gateway, GenerateRequest request) {
        return read(
                gateway.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS).generate(request));
    }

    /** Streams the rest of one generation to its end. */
    static Streams resume(GatewayServiceBlockingStub gateway, ResumeRequest request) {
        return read(
                gateway.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS).resume(request));
    }

    private static Streams read(Iterator<GenerateResponse> responses) {
        List<Token> tokens = new ArrayList<>();
        Started started = Started.getDefaultInstance();
        Finished finished = Finished.getDefaultInstance();
        while (responses.hasNext()) {
            GenerateResponse response = responses.next();
            switch (response.getEventCase()) {
                case TOKEN -> tokens.add(response.getToken());
                case FINISHED -> finished = response.getFinished();
                case STARTED -> started = response.getStarted();
                case PROMPT_ROUTING, EVENT_NOT_SET -> {}
            }
        }
        return new Streams(started, tokens, finished);
    }

    List<Integer> ids() {
        return tokens.stream().map(Token::getId).toList();
    }

    List<ByteString> logits() {
        return tokens.stream().map(Token::getLogits).toList();
    }

    String text() {
        StringBuilder text = new StringBuilder();
        tokens.forEach(token -> text.append(token.getText()));
        return text.append(finished.getText()).toString();
    }
}
