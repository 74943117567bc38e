package io.tributary.tokenizer;

import com.google.protobuf.ByteString;
import io.tributary.edge.GrpcErrors;
import io.tributary.proto.tokenizer.v1.DecodeIncrementallyRequest;
import io.tributary.proto.tokenizer.v1.DecodeIncrementallyResponse;
import io.tributary.tokenizers.IncrementalDecoder;
import io.tributary.tokenizers.Tokenizer;
import io.tributary.tokenizers.UnknownTokenException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The sequence of one DecodeIncrementally call. Its requests come one after the other, not necessarily on one thread. */
final class DecodingStream {
    private final Tokenizer tokenizer;
    private final int maximalIds;
    private @Nullable IncrementalDecoder decoder;
    private boolean ended;

    DecodingStream(Tokenizer tokenizer, int maximalIds) {
        this.tokenizer = tokenizer;
        this.maximalIds = maximalIds;
    }

    /** Number of ids that a request asks something about. */
    static long size(DecodeIncrementallyRequest request) {
        return (long) request.getIdsCount() + request.getAlternativeIdsCount() + request.getContextIdsCount();
    }

    /** The answer to the next request. */
    DecodeIncrementallyResponse next(DecodeIncrementallyRequest request) {
        if (ended) {
            throw GrpcErrors.invalidArgument(
                    "end_of_sequence", "the sequence has ended; open a new stream for another");
        }
        TokenizerErrors.checkCount(size(request), maximalIds);
        DecodeIncrementallyResponse.Builder response = DecodeIncrementallyResponse.newBuilder();
        for (int id : request.getAlternativeIdsList()) {
            response.addAlternativePieces(ByteString.copyFrom(checked("alternative_ids", () -> tokenizer.piece(id))));
        }
        IncrementalDecoder current = decoder(request);
        int[] ids = array(request.getIdsList());
        String text = checked("ids", () -> current.append(ids));
        ended = request.getEndOfSequence();
        return response.setText(ended ? text + current.finish() : text).build();
    }

    private IncrementalDecoder decoder(DecodeIncrementallyRequest request) {
        IncrementalDecoder current = decoder;
        if (current == null) {
            int[] context = array(request.getContextIdsList());
            current = checked("context_ids", () -> tokenizer.incrementalDecoder(context));
            decoder = current;
        } else if (request.getContextIdsCount() > 0) {
            throw GrpcErrors.invalidArgument("context_ids", "only the first request of a stream may have them");
        }
        return current;
    }

    private static <T> T checked(String field, Supplier<T> call) {
        try {
            return call.get();
        } catch (UnknownTokenException unknown) {
            throw TokenizerErrors.unknownToken(field, unknown);
        }
    }

    static int[] array(List<Integer> ids) {
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }
}
