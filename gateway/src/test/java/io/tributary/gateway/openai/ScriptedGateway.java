package io.tributary.gateway.openai;

import com.google.protobuf.ByteString;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.tributary.edge.TraceContext;
import io.tributary.proto.gateway.v1.DetokenizeRequest;
import io.tributary.proto.gateway.v1.DetokenizeResponse;
import io.tributary.proto.gateway.v1.EmbedRequest;
import io.tributary.proto.gateway.v1.EmbedResponse;
import io.tributary.proto.gateway.v1.Embedding;
import io.tributary.proto.gateway.v1.FinishReason;
import io.tributary.proto.gateway.v1.Finished;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.ListModelsRequest;
import io.tributary.proto.gateway.v1.ListModelsResponse;
import io.tributary.proto.gateway.v1.Model;
import io.tributary.proto.gateway.v1.MutinyGatewayServiceGrpc.GatewayServiceImplBase;
import io.tributary.proto.gateway.v1.Started;
import io.tributary.proto.gateway.v1.Token;
import io.tributary.proto.gateway.v1.TokenAlternative;
import io.tributary.proto.gateway.v1.TokenizeRequest;
import io.tributary.proto.gateway.v1.TokenizeResponse;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** A gateway that says what a test tells it to, and writes down what it was asked. */
final class ScriptedGateway extends GatewayServiceImplBase {
    static final String MODEL = "stand-in";
    static final int CONTEXT = 128;

    final List<GenerateRequest> requests = new CopyOnWriteArrayList<>();
    final List<TraceContext> traces = new CopyOnWriteArrayList<>();
    final CountDownLatch cancelled = new CountDownLatch(1);
    final AtomicLong endlessTokens = new AtomicLong();
    private volatile Function<GenerateRequest, Multi<GenerateResponse>> script = request -> answer("Hello");

    void answers(Function<GenerateRequest, Multi<GenerateResponse>> answers) {
        script = answers;
    }

    @Override
    public Multi<GenerateResponse> generate(GenerateRequest request) {
        requests.add(request);
        traces.add(TraceContext.current());
        return script.apply(request).onCancellation().invoke(cancelled::countDown);
    }

    /** An answer of these tokens that the model ends. */
    static Multi<GenerateResponse> answer(String... tokens) {
        return answer(FinishReason.FINISH_REASON_END_OF_TEXT, tokens);
    }

    static Multi<GenerateResponse> answer(FinishReason reason, String... tokens) {
        return Multi.createBy()
                .concatenating()
                .streams(
                        Multi.createFrom().item(started()),
                        Multi.createFrom().iterable(Arrays.asList(tokens)).map(ScriptedGateway::token),
                        Multi.createFrom()
                                .item(GenerateResponse.newBuilder()
                                        .setFinished(Finished.newBuilder()
                                                .setReason(reason)
                                                .setGeneratedTokens(tokens.length))
                                        .build()));
    }

    /** An answer that goes on for as long as somebody takes it. */
    Multi<GenerateResponse> endless(String text) {
        return Multi.createBy()
                .concatenating()
                .streams(
                        Multi.createFrom().item(started()),
                        Multi.createBy()
                                .repeating()
                                .supplier(() -> {
                                    endlessTokens.incrementAndGet();
                                    return token(text);
                                })
                                .indefinitely());
    }

    static GenerateResponse started() {
        return GenerateResponse.newBuilder()
                .setStarted(Started.newBuilder().setModel(MODEL).setPromptTokens(5))
                .build();
    }

    static GenerateResponse token(String text) {
        TokenAlternative piece = TokenAlternative.newBuilder()
                .setId(1)
                .setPiece(ByteString.copyFromUtf8(text))
                .setLogprob(-0.5f)
                .build();
        return GenerateResponse.newBuilder()
                .setToken(Token.newBuilder()
                        .setId(1)
                        .setText(text)
                        .setPiece(piece.getPiece())
                        .setLogprob(-0.5f)
                        .addTopLogprobs(piece))
                .build();
    }

    @Override
    public Uni<ListModelsResponse> listModels(ListModelsRequest request) {
        return Uni.createFrom()
                .item(ListModelsResponse.newBuilder()
                        .addModels(Model.newBuilder()
                                .setName(MODEL)
                                .setFingerprint("0123456789abcdef")
                                .setContextLength(CONTEXT))
                        .build());
    }

    /** Each text is (3, 4, 0) made to length 1. */
    @Override
    public Uni<EmbedResponse> embed(EmbedRequest request) {
        EmbedResponse.Builder response = EmbedResponse.newBuilder().setModel(MODEL);
        request.getTextsList()
                .forEach(text -> response.addEmbeddings(Embedding.newBuilder()
                        .addAllValues(List.of(0.6f, 0.8f, 0f))
                        .setTokens(text.length())));
        return Uni.createFrom().item(response.build());
    }

    /** Each character is a token. */
    @Override
    public Uni<TokenizeResponse> tokenize(TokenizeRequest request) {
        TokenizeResponse.Builder response = TokenizeResponse.newBuilder();
        if (request.getAddSpecialTokens()) {
            response.addIds(0).addPieces(ByteString.EMPTY);
        }
        request.getText()
                .chars()
                .forEach(character ->
                        response.addIds(character).addPieces(ByteString.copyFromUtf8(Character.toString(character))));
        return Uni.createFrom().item(response.build());
    }

    @Override
    public Uni<DetokenizeResponse> detokenize(DetokenizeRequest request) {
        StringBuilder text = new StringBuilder();
        request.getIdsList().forEach(id -> text.append((char) (int) id));
        return Uni.createFrom()
                .item(DetokenizeResponse.newBuilder().setText(text.toString()).build());
    }
}
