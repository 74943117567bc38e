package io.tributary.tokenizer;

import com.google.rpc.Code;
import io.grpc.StatusRuntimeException;
import io.tributary.edge.GrpcErrors;
import io.tributary.tokenizers.InvalidTextException;
import io.tributary.tokenizers.TextTooLongException;
import io.tributary.tokenizers.UnknownTokenException;
import io.tributary.tokenizers.template.ChatTemplateException;
import org.jboss.logging.Logger;

/** Which gRPC status says what went wrong. */
final class TokenizerErrors {
    private static final Logger LOG = Logger.getLogger(TokenizerErrors.class);

    private TokenizerErrors() {}

    /** The status of what encoding refused; anything else stays as it is. */
    static Throwable ofText(Throwable error) {
        return switch (error) {
            case InvalidTextException invalid ->
                GrpcErrors.invalidArgument("text", String.valueOf(invalid.getMessage()));
            case TextTooLongException tooLong ->
                GrpcErrors.limitExceeded("tributary.tokenizer.max-text-bytes", String.valueOf(tooLong.getMessage()));
            default -> error;
        };
    }

    /** The status of what the template or the tokenizer refused of a conversation. */
    static Throwable ofConversation(Throwable error) {
        return switch (error) {
            case ChatTemplateException failure ->
                switch (failure.reason()) {
                    case RAISED -> GrpcErrors.invalidArgument("messages", failure.problem());
                    case FAULT -> GrpcErrors.invalidArgument("messages", String.valueOf(failure.getMessage()));
                    case LIMIT ->
                        GrpcErrors.limitExceeded(
                                "tributary.tokenizer.max-template-steps", String.valueOf(failure.getMessage()));
                };
            case InvalidTextException invalid ->
                GrpcErrors.invalidArgument("messages", String.valueOf(invalid.getMessage()));
            default -> ofText(error);
        };
    }

    /** The status of a model that has no chat template. */
    static StatusRuntimeException noTemplate() {
        return GrpcErrors.of(
                Code.FAILED_PRECONDITION,
                "the model has no chat template and is of no known family; render the conversation to a text and encode"
                        + " that");
    }

    /** The status of a model whose chat template cannot be read. */
    static StatusRuntimeException brokenTemplate(ChatTemplateException error) {
        return GrpcErrors.of(
                Code.FAILED_PRECONDITION, "the model's chat template cannot be read: " + error.getMessage());
    }

    /** The status of a model with a broken file beside its template; its path is for the log only. */
    static StatusRuntimeException brokenFiles() {
        return GrpcErrors.of(
                Code.FAILED_PRECONDITION,
                "a file that the model's chat template needs cannot be read; the log of the tokenizer service has the"
                        + " cause");
    }

    /** The status of an id outside the vocabulary. */
    static StatusRuntimeException unknownToken(String field, UnknownTokenException error) {
        return GrpcErrors.invalidArgument(field, String.valueOf(error.getMessage()));
    }

    /** Refuses a request with too many ids. */
    static void checkCount(long ids, int allowed) {
        if (ids > allowed) {
            throw GrpcErrors.limitExceeded(
                    "tributary.tokenizer.max-ids-per-request",
                    "the request has " + ids + " ids; at most " + allowed + " are allowed");
        }
    }

    /** The status of a tokenizer that cannot be loaded; what is on this machine's disk is for its log only. */
    static StatusRuntimeException notLoaded(Throwable error) {
        LOG.error("The tokenizer cannot be loaded", error);
        return GrpcErrors.unavailable("the tokenizer cannot be loaded; the log of the tokenizer service has the cause");
    }
}
