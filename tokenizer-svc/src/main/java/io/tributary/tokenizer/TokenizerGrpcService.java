package io.tributary.tokenizer;

import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.tributary.proto.tokenizer.v1.ApplyChatTemplateRequest;
import io.tributary.proto.tokenizer.v1.ApplyChatTemplateResponse;
import io.tributary.proto.tokenizer.v1.ChatTemplateSource;
import io.tributary.proto.tokenizer.v1.DecodeIncrementallyRequest;
import io.tributary.proto.tokenizer.v1.DecodeIncrementallyResponse;
import io.tributary.proto.tokenizer.v1.DecodeRequest;
import io.tributary.proto.tokenizer.v1.DecodeResponse;
import io.tributary.proto.tokenizer.v1.DescribeTokenizerRequest;
import io.tributary.proto.tokenizer.v1.DescribeTokenizerResponse;
import io.tributary.proto.tokenizer.v1.EncodeRequest;
import io.tributary.proto.tokenizer.v1.EncodeResponse;
import io.tributary.proto.tokenizer.v1.TokenizerService;
import io.tributary.tokenizers.Conversation;
import io.tributary.tokenizers.ModelChat;
import io.tributary.tokenizers.Tokenizer;
import io.tributary.tokenizers.TokenizerException;
import io.tributary.tokenizers.UnknownTokenException;
import io.tributary.tokenizers.template.ChatTemplateException;
import io.tributary.tokenizers.template.RenderedChat;
import jakarta.inject.Inject;
import java.util.function.Function;

/**
 * Text to ids and back, for this process's model. The work is moved to the worker pool here rather than by annotations,
 * because services in the same JVM call this bean directly, maybe from an event loop.
 */
@GrpcService
public class TokenizerGrpcService implements TokenizerService {
    /** A request with so few ids is answered in microseconds, faster than another thread would take it over. */
    private static final int INLINE_IDS = 1024;

    private final LoadedTokenizer tokenizer;
    private final LoadedChat chat;
    private final TokenizerLimits limits;

    @Inject
    TokenizerGrpcService(LoadedTokenizer tokenizer, LoadedChat chat, TokenizerLimits limits) {
        this.tokenizer = tokenizer;
        this.chat = chat;
        this.limits = limits;
    }

    @Override
    public Uni<EncodeResponse> encode(EncodeRequest request) {
        return onWorker(current -> {
            EncodeResponse.Builder response = EncodeResponse.newBuilder();
            for (int id : current.encode(request.getText(), request.getAddSpecialTokens())) {
                response.addIds(id);
            }
            return response.build();
        });
    }

    @Override
    public Uni<DecodeResponse> decode(DecodeRequest request) {
        return onWorker(current -> {
            TokenizerErrors.checkCount(request.getIdsCount(), limits.maxIdsPerRequest());
            try {
                int[] ids = DecodingStream.array(request.getIdsList());
                return DecodeResponse.newBuilder()
                        .setText(current.decode(ids, request.getSkipSpecialTokens()))
                        .build();
            } catch (UnknownTokenException unknown) {
                throw TokenizerErrors.unknownToken("ids", unknown);
            }
        });
    }

    @Override
    public Multi<DecodeIncrementallyResponse> decodeIncrementally(Multi<DecodeIncrementallyRequest> requests) {
        return loaded().onItem().transformToMulti(current -> {
            DecodingStream stream = new DecodingStream(current, limits.maxIdsPerRequest());
            return requests.onItem().transformToUniAndConcatenate(request -> answer(stream, request));
        });
    }

    private static Uni<DecodeIncrementallyResponse> answer(DecodingStream stream, DecodeIncrementallyRequest request) {
        Uni<DecodeIncrementallyResponse> answer = Uni.createFrom().item(() -> stream.next(request));
        return DecodingStream.size(request) <= INLINE_IDS
                ? answer
                : answer.runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    @Override
    public Uni<ApplyChatTemplateResponse> applyChatTemplate(ApplyChatTemplateRequest request) {
        return loaded().emitOn(Infrastructure.getDefaultWorkerPool())
                .map(current -> rendered(request, current))
                .onFailure()
                .transform(TokenizerErrors::ofConversation);
    }

    private ApplyChatTemplateResponse rendered(ApplyChatTemplateRequest request, Tokenizer current) {
        Conversation conversation = ChatRequests.conversation(request);
        ModelChat modelChat = modelChat(current);
        RenderedChat rendered = modelChat.render(conversation);
        ApplyChatTemplateResponse.Builder response =
                ApplyChatTemplateResponse.newBuilder().setText(rendered.text());
        for (int id : modelChat.encode(rendered)) {
            response.addIds(id);
        }
        return response.build();
    }

    private ModelChat modelChat(Tokenizer current) {
        try {
            return chat.get(current).orElseThrow(TokenizerErrors::noTemplate);
        } catch (ChatTemplateException broken) {
            throw TokenizerErrors.brokenTemplate(broken);
        } catch (TokenizerException _) {
            throw TokenizerErrors.brokenFiles();
        }
    }

    @Override
    public Uni<DescribeTokenizerResponse> describeTokenizer(DescribeTokenizerRequest request) {
        return onWorker(current -> {
            DescribeTokenizerResponse.Builder response = DescribeTokenizerResponse.newBuilder()
                    .setVocabularySize(current.vocabularySize())
                    .setAddsBeginningOfText(current.addsBeginningOfText())
                    .addAllSpecialIds(current.specialIds());
            current.beginningOfText().ifPresent(response::setBeginningOfTextId);
            chat.source(current).map(TokenizerGrpcService::described).ifPresent(response::setChatTemplate);
            return response.build();
        });
    }

    private static ChatTemplateSource described(ModelChat.Source source) {
        return switch (source) {
            case MODEL -> ChatTemplateSource.CHAT_TEMPLATE_SOURCE_MODEL;
            case FAMILY -> ChatTemplateSource.CHAT_TEMPLATE_SOURCE_FAMILY;
        };
    }

    private <T> Uni<T> onWorker(Function<Tokenizer, T> work) {
        return loaded().emitOn(Infrastructure.getDefaultWorkerPool())
                .map(work)
                .onFailure()
                .transform(TokenizerErrors::ofText);
    }

    private Uni<Tokenizer> loaded() {
        return tokenizer.whenLoaded().onFailure().transform(TokenizerErrors::notLoaded);
    }
}
