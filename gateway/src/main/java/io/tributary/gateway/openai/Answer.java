package io.tributary.gateway.openai;

import io.tributary.proto.gateway.v1.FinishReason;
import io.tributary.proto.gateway.v1.Finished;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.Token;
import java.util.ArrayList;
import java.util.List;

/** One answer on its way: what each response of the contract adds to it. */
final class Answer {
    private final AnswerText text;
    private final boolean logprobs;

    /**
     * @param text reads what the model writes
     * @param logprobs whether tokens are told with their log-probabilities
     */
    Answer(AnswerText text, boolean logprobs) {
        this.text = text;
        this.logprobs = logprobs;
    }

    /** What is new with a response. */
    List<Delta> deltas(GenerateResponse response) {
        return switch (response.getEventCase()) {
            case STARTED -> List.of(new Delta.Begin(response.getStarted().getPromptTokens()));
            case TOKEN -> token(response.getToken());
            case FINISHED -> finished(response.getFinished());
            case PROMPT_ROUTING, EVENT_NOT_SET -> List.of();
        };
    }

    private List<Delta> token(Token token) {
        List<Delta> deltas = text.accept(token.getText());
        return logprobs ? withLogprob(TokenLogprob.of(token), deltas) : deltas;
    }

    /** A token is told with the text that came of it, and by itself if none did. */
    private static List<Delta> withLogprob(TokenLogprob logprob, List<Delta> deltas) {
        boolean beginsWithText = !deltas.isEmpty() && deltas.getFirst() instanceof Delta.Text;
        String text = beginsWithText ? ((Delta.Text) deltas.getFirst()).text() : "";
        List<Delta> told = new ArrayList<>();
        told.add(new Delta.Text(text, List.of(logprob)));
        told.addAll(deltas.subList(beginsWithText ? 1 : 0, deltas.size()));
        return told;
    }

    private List<Delta> finished(Finished finished) {
        List<Delta> deltas = new ArrayList<>(text.accept(finished.getText()));
        deltas.addAll(text.end());
        deltas.add(new Delta.End(reason(finished.getReason()), finished.getGeneratedTokens()));
        return deltas;
    }

    private String reason(FinishReason reason) {
        if (reason == FinishReason.FINISH_REASON_LENGTH) {
            return "length";
        }
        return text.calls() ? "tool_calls" : "stop";
    }
}
