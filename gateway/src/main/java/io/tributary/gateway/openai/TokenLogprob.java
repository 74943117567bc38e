package io.tributary.gateway.openai;

import com.google.protobuf.ByteString;
import io.tributary.proto.gateway.v1.Token;
import io.tributary.proto.gateway.v1.TokenAlternative;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How likely a token was.
 *
 * @param token its text; bytes that are no UTF-8 are replaced by U+FFFD
 * @param logprob natural logarithm of its probability
 * @param bytes 0 to 255 each
 * @param topLogprobs the most likely tokens in its place
 */
record TokenLogprob(String token, float logprob, List<Integer> bytes, List<Alternative> topLogprobs) {
    /** One of the most likely tokens. */
    record Alternative(String token, float logprob, List<Integer> bytes) {
        static Alternative of(TokenAlternative alternative) {
            return new Alternative(
                    alternative.getPiece().toStringUtf8(), alternative.getLogprob(), bytesOf(alternative.getPiece()));
        }
    }

    /** What the contract says of a token. */
    static TokenLogprob of(Token token) {
        return new TokenLogprob(
                token.getPiece().toStringUtf8(),
                token.getLogprob(),
                bytesOf(token.getPiece()),
                token.getTopLogprobsList().stream().map(Alternative::of).toList());
    }

    private static List<Integer> bytesOf(ByteString piece) {
        return IntStream.range(0, piece.size())
                .mapToObj(index -> piece.byteAt(index) & 0xFF)
                .toList();
    }
}
