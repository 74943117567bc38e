package io.tributary.models.architecture;

import io.tributary.kernels.KeyValueType;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A decoder as data: token embedding, layers, final normalisation, unembedding. The forward pass runs this value; there
 * is no class per model family. Read from a checkpoint by {@link ArchitectureReader}.
 *
 * @param vocabularySize number of token ids
 * @param width elements of a hidden state
 * @param contextLength positions that a sequence may have at most
 * @param layers the layers in order, at least one
 * @param finalNormalization applied before the unembedding
 * @param tiedUnembedding whether the unembedding is the token embedding
 * @param endOfTextIds tokens that end a text; may be empty
 * @param beginningOfTextId the token that begins a text, if the model has one
 */
public record Architecture(
        int vocabularySize,
        int width,
        int contextLength,
        List<LayerSpec> layers,
        Normalization finalNormalization,
        boolean tiedUnembedding,
        Set<Integer> endOfTextIds,
        OptionalInt beginningOfTextId) {

    public Architecture {
        layers = List.copyOf(layers);
        endOfTextIds = Set.copyOf(endOfTextIds);
        if (layers.isEmpty()) {
            throw new InvalidArchitectureException("layers", "empty", "at least one layer");
        }
    }

    /** Whether the token ends a text. */
    public boolean endsText(int token) {
        return endOfTextIds.contains(token);
    }

    /** The layers that have experts to choose from, ascending. */
    public List<Integer> expertLayers() {
        return IntStream.range(0, layers.size())
                .filter(layer -> layers.get(layer).channelMixing() instanceof MixtureOfExperts)
                .boxed()
                .toList();
    }

    /** Whether a sequence must be computed in one chunk and can't be continued, because its tokens are routed together. */
    public boolean routesWholeSequences() {
        return layers.stream()
                .anyMatch(layer -> layer.channelMixing() instanceof MixtureOfExperts mixture
                        && mixture.gating().routesWholeSequences());
    }

    /** Bytes of keys and values that one position takes over all layers. */
    public long keyValueBytesPerPosition(KeyValueType type) {
        long bytes = 0;
        for (LayerSpec layer : layers) {
            bytes += switch (layer.tokenMixing()) {
                case CausalAttention attention -> attention.keyValueHeads() * type.bytes(attention.headSize());
            };
        }
        return bytes;
    }
}
