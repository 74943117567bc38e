package io.tributary.cli.experts;

import io.tributary.models.Batch;
import io.tributary.models.DecoderStage;
import io.tributary.models.LogitsRows;
import io.tributary.models.SequenceState;
import io.tributary.models.sampling.Sampler;
import io.tributary.models.sampling.SamplingParameters;
import io.tributary.models.sampling.TokenHistory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A prompt and its continuation by a whole model; every token has been computed, the last one too. */
final class GreedyText {
    private final DecoderStage stage;
    private final SequenceState sequence;
    private final Batch batch;
    private final Sampler sampler;
    private final TokenHistory history = new TokenHistory();
    private final ExpertRecording recording;

    private GreedyText(DecoderStage stage, SequenceState sequence, ExpertRecording recording) {
        this.stage = stage;
        this.sequence = sequence;
        this.recording = recording;
        batch = new Batch(stage.maximalRows());
        sampler = new Sampler(stage.architecture().vocabularySize());
    }

    /**
     * Continues a prompt until the text ends or there are so many new tokens.
     *
     * @param stage the whole model, which computes nothing else
     * @param prompt at least one token
     */
    static GreedyText generate(DecoderStage stage, int[] prompt, int maximalNew) {
        int positions = prompt.length + maximalNew;
        try (SequenceState sequence = stage.open(positions)) {
            ExpertRecording recording = new ExpertRecording(stage.expertStatistics(), positions);
            GreedyText text = new GreedyText(stage, sequence, recording);
            text.run(prompt, maximalNew);
            return text;
        }
    }

    /** All tokens, without one that ends the text. */
    int[] tokens() {
        return IntStream.range(0, history.tokens()).map(history::token).toArray();
    }

    /** What the experts did for {@link #tokens}. */
    List<LayerUse> layers() {
        return recording.layers();
    }

    private void run(int[] prompt, int maximalNew) {
        for (int from = 0; from < prompt.length; from += stage.maximalRows()) {
            int[] chunk = Arrays.copyOfRange(prompt, from, Math.min(prompt.length, from + stage.maximalRows()));
            forward(from, chunk);
            IntStream.of(chunk).forEach(history::addPrompt);
        }
        for (int count = 0; count < maximalNew; count++) {
            int next = likeliest();
            if (stage.architecture().endsText(next)) {
                return;
            }
            forward(history.tokens(), next);
            history.addGenerated(next);
        }
    }

    private void forward(int position, int... tokens) {
        batch.clear();
        batch.add(sequence, position, tokens, LogitsRows.LAST);
        recording.beginAt(position);
        stage.forward(batch, recording);
    }

    private int likeliest() {
        return sampler.sample(stage.logits().row(0), SamplingParameters.greedy(), history, history.tokens())
                .id();
    }
}
