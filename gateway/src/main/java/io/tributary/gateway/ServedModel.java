package io.tributary.gateway;

import com.google.rpc.Code;
import io.tributary.edge.GrpcErrors;
import io.tributary.proto.decoder.v1.DescribeShardResponse;
import io.tributary.proto.decoder.v1.ModelDescription;
import java.util.OptionalInt;

/**
 * The model behind this gateway, as its first stage describes it.
 *
 * @param name in topics and responses
 * @param fingerprint of the checkpoint
 * @param contextLength positions that a sequence may have
 * @param vocabularySize number of token ids
 * @param stages number of stages that its layers are cut into
 * @param expertLayers number of layers that have experts
 * @param routesWholeSequences whether experts are chosen for all tokens of a sequence at once
 */
record ServedModel(
        String name,
        String fingerprint,
        int contextLength,
        int vocabularySize,
        int stages,
        int expertLayers,
        boolean routesWholeSequences) {
    static ServedModel of(DescribeShardResponse shard) {
        ModelDescription description = shard.getModel();
        return new ServedModel(
                description.getName(),
                description.getFingerprint(),
                description.getContextLength(),
                description.getVocabularySize(),
                shard.getStage().getCount(),
                description.getExpertLayers(),
                description.getRoutesWholeSequences());
    }

    /**
     * Checks that texts can be continued.
     *
     * @throws io.grpc.StatusRuntimeException FAILED_PRECONDITION if not
     */
    void requireGeneration() {
        if (routesWholeSequences) {
            throw GrpcErrors.of(
                    Code.FAILED_PRECONDITION,
                    "%s chooses experts for all tokens of a sequence at once, so no text can be continued token by token; Score and Embed can be asked for"
                            .formatted(name));
        }
    }

    /**
     * Checks that there are experts to tell of.
     *
     * @param field of the request that asks for it
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if there are none
     */
    void requireExperts(String field) {
        if (expertLayers == 0) {
            throw GrpcErrors.invalidArgument(field, "is set, but %s has no experts; leave it unset".formatted(name));
        }
    }

    /**
     * The number of tokens that a session may generate.
     *
     * @param promptLength positions of the prompt
     * @param asked what the client asked for
     * @param otherwise what it gets, if it fits, without having asked
     * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED if that does not fit into the context
     */
    int tokensAllowed(int promptLength, OptionalInt asked, int otherwise) {
        int room = contextLength - promptLength;
        if (room < 1) {
            throw GrpcErrors.limitExceeded(
                    "context",
                    "the prompt has %,d tokens; with room for one more the context of %s holds %,d"
                            .formatted(promptLength, name, contextLength - 1));
        }
        if (asked.isPresent() && asked.getAsInt() > room) {
            throw GrpcErrors.limitExceeded(
                    "context",
                    "the prompt has %,d tokens and max_tokens is %,d; together at most %,d fit into the context of %s"
                            .formatted(promptLength, asked.getAsInt(), contextLength, name));
        }
        return asked.orElse(Math.min(room, otherwise));
    }

    /**
     * Checks ids of tokens.
     *
     * @param field of the request that they are from
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT naming the first id outside the vocabulary
     */
    void checkIds(String field, Iterable<Integer> ids) {
        for (int id : ids) {
            if (id < 0 || id >= vocabularySize) {
                throw GrpcErrors.invalidArgument(
                        field,
                        "has the id %s; %s has the ids 0 to %d"
                                .formatted(Integer.toUnsignedString(id), name, vocabularySize - 1));
            }
        }
    }
}
