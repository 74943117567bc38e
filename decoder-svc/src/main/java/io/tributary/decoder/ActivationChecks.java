package io.tributary.decoder;

import com.google.rpc.Code;
import io.tributary.proto.log.v1.Activation;
import java.util.List;

/** What an activation must be like for a stage to compute it. */
final class ActivationChecks {
    private final StageModel model;
    private final int maximalRows;
    private final boolean wholeSequences;
    private final List<Integer> earlierExpertLayers;

    /** @param maximalRows positions that the stage takes at once */
    ActivationChecks(StageModel model, int maximalRows) {
        this.model = model;
        this.maximalRows = maximalRows;
        this.wholeSequences = model.architecture().routesWholeSequences();
        this.earlierExpertLayers = model.architecture().expertLayers().stream()
                .filter(layer -> layer < model.range().firstLayer())
                .toList();
    }

    /**
     * Checks an activation that begins at the next position of a session, or before it.
     *
     * @throws SessionRefusedException if the session cannot go on with it
     */
    void check(ShardSession session, Activation activation) throws SessionRefusedException {
        checkPositions(session.turn(), activation);
        checkHiddenStates(activation);
        if (wholeSequences) {
            checkWhole(session.turn(), activation);
        }
        boolean routed = !session.turn().reportsRouting()
                || RoutingRecords.complete(
                        activation.getRoutingList(), earlierExpertLayers, activation.getTokenIdsCount());
        if (!routed) {
            throw internal("a record of %d positions does not say which experts the layers %s chose for each"
                    .formatted(activation.getTokenIdsCount(), earlierExpertLayers));
        }
    }

    private void checkPositions(Turn turn, Activation activation) throws SessionRefusedException {
        int count = activation.getTokenIdsCount();
        int first = activation.getFirstPosition();
        if (first < 0 || (long) first + count > turn.endPosition()) {
            throw internal("a record has %d positions from %s on; the session has %d"
                    .formatted(count, Integer.toUnsignedString(first), turn.endPosition()));
        }
        if (count > maximalRows) {
            throw internal("a record has %d positions; stage %d takes at most %d at once"
                    .formatted(count, model.range().index(), maximalRows));
        }
    }

    private void checkHiddenStates(Activation activation) throws SessionRefusedException {
        int count = activation.getTokenIdsCount();
        long expected =
                model.range().first() ? 0 : (long) count * model.architecture().width() * Float.BYTES;
        int hidden = activation.getHiddenStates().size();
        if (hidden != expected) {
            throw internal("a record of %d positions has %d bytes of hidden states; stage %d expects %d"
                    .formatted(count, hidden, model.range().index(), expected));
        }
    }

    private void checkWhole(Turn turn, Activation activation) throws SessionRefusedException {
        if (activation.getFirstPosition() != 0 || activation.getTokenIdsCount() != turn.promptLength()) {
            throw new SessionRefusedException(
                    Code.FAILED_PRECONDITION,
                    "%s chooses experts for all tokens of a sequence at once, so a prompt has to come in one record; one of %d came in records of %d"
                            .formatted(model.name(), turn.promptLength(), activation.getTokenIdsCount()));
        }
    }

    private static SessionRefusedException internal(String message) {
        return new SessionRefusedException(Code.INTERNAL, message);
    }
}
