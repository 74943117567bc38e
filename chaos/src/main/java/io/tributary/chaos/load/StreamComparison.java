package io.tributary.chaos.load;

import io.tributary.proto.gateway.v1.Finished;
import io.tributary.proto.gateway.v1.Token;
import java.util.List;
import java.util.Optional;

/** Compares what a client received with what the same request gave undisturbed. */
public final class StreamComparison {
    private StreamComparison() {}

    /**
     * The first difference, for people.
     *
     * @param cancelled whether the client ended the session itself, so that it need not have all of it
     */
    public static Optional<String> difference(ReceivedStream received, ReceivedStream reference, boolean cancelled) {
        return received.violation()
                .or(() -> tokenDifference(received.tokens(), reference.tokens()))
                .or(() -> cancelled ? Optional.empty() : endDifference(received, reference));
    }

    private static Optional<String> tokenDifference(List<Token> received, List<Token> reference) {
        if (received.size() > reference.size()) {
            return Optional.of("%d tokens, %d in the reference".formatted(received.size(), reference.size()));
        }
        for (int index = 0; index < received.size(); index++) {
            Token token = received.get(index);
            Token expected = reference.get(index);
            if (!token.equals(expected)) {
                return Optional.of("position %d: %s".formatted(expected.getPosition(), difference(token, expected)));
            }
        }
        return Optional.empty();
    }

    private static String difference(Token token, Token expected) {
        if (token.getId() != expected.getId()) {
            return "id %d instead of %d".formatted(token.getId(), expected.getId());
        }
        int bits = Float.floatToRawIntBits(token.getLogprob());
        int expectedBits = Float.floatToRawIntBits(expected.getLogprob());
        if (bits != expectedBits) {
            return "logprob bits %08x instead of %08x".formatted(bits, expectedBits);
        }
        if (!token.getText().equals(expected.getText())) {
            return "text \"%s\" instead of \"%s\"".formatted(token.getText(), expected.getText());
        }
        return "other alternatives";
    }

    private static Optional<String> endDifference(ReceivedStream received, ReceivedStream reference) {
        Finished end = received.finished().orElse(Finished.getDefaultInstance());
        Finished expected = reference.finished().orElse(Finished.getDefaultInstance());
        if (end.equals(expected)) {
            return Optional.empty();
        }
        return Optional.of("the end is %s after %d tokens with text \"%s\" instead of %s after %d with \"%s\""
                .formatted(
                        end.getReason(),
                        end.getGeneratedTokens(),
                        end.getText(),
                        expected.getReason(),
                        expected.getGeneratedTokens(),
                        expected.getText()));
    }
}
