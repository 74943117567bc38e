package io.tributary.models.speech;

import io.tributary.kernels.FloatMatrix;
import io.tributary.models.architecture.SpeechArchitecture;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Long speech in overlapping chunks, each encoded like an utterance of its own; of each the frames of its interior are kept,
 * and those of the overlap on its sides are only there for them to see.
 *
 * <p>What is equal to encoding the whole: the frames of the convolutions, whose receptive field the samples of a chunk cover, if
 * each row is normalised for itself and the input is not; and then the input of the first layer too (layer 0), if the overlap is
 * at least half of the kernel of the convolution that tells positions, which is 64 frames in published models. What is not:
 * models that normalise over the whole time take the chunk for it, and attention sees the chunk alone, so that the layers
 * differ, the less the longer the overlap.
 *
 * @param interior frames that a chunk gives, at least 1
 * @param overlap frames before and behind them
 */
public record SpeechChunks(int interior, int overlap) {
    /**
     * Checks the lengths.
     *
     * @throws IllegalArgumentException when one is out of range
     */
    public SpeechChunks {
        if (interior < 1 || overlap < 0 || (long) interior + 2L * overlap > 1 << 24) {
            throw new IllegalArgumentException("chunks of " + interior + " frames and twice " + overlap
                    + "; at least 1 and 0, and 16777216 in all are possible");
        }
    }

    /** Frames of a chunk at most, which the encoder's limits must allow. */
    public int frames() {
        return interior + 2 * overlap;
    }

    /**
     * Encodes speech chunk after chunk.
     *
     * @param samples mono, at {@link SpeechEncoder#SAMPLE_RATE}
     * @param layer as {@link io.tributary.models.EncoderStack.LayerObserver} counts
     * @param target takes the hidden states, [frames, width]
     * @throws SamplesException as {@link SpeechEncoder#encode} does, or when the encoder's limits do not allow such chunks
     * @throws IllegalArgumentException when the target has another number of frames
     */
    public void encode(SpeechEncoder encoder, float[] samples, int layer, FloatMatrix target) {
        SpeechArchitecture architecture = encoder.architecture();
        int all = architecture.frames(samples.length);
        if (all < 1) {
            throw new SamplesException(
                    samples.length + " samples; at least " + architecture.receptiveField() + " are needed");
        }
        if (target.rows() != all) {
            throw new IllegalArgumentException("a target of " + target.rows() + " rows for " + all + " frames");
        }
        for (int first = 0; first < all; first += interior) {
            int end = Math.min(all, first + interior);
            int from = Math.max(0, first - overlap);
            int to = Math.min(all, end + overlap);
            int start = from * architecture.hop();
            int length = (to - from - 1) * architecture.hop() + architecture.receptiveField();
            try (Arena memory = Arena.ofShared()) {
                FloatMatrix hidden = FloatMatrix.allocate(memory, to - from, target.columns());
                encoder.encode(Arrays.copyOfRange(samples, start, start + length), layer, hidden);
                long bytes = (long) target.columns() * Float.BYTES;
                MemorySegment.copy(
                        hidden.data(), (first - from) * bytes, target.data(), first * bytes, (end - first) * bytes);
            }
        }
    }
}
