package io.tributary.cli.placement;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.cli.CommandFailedException;
import io.tributary.models.architecture.Architecture;
import io.tributary.models.architecture.ArchitectureReader;
import io.tributary.models.architecture.MixtureOfExperts;
import io.tributary.models.experts.ExpertSet;
import io.tributary.models.weights.TensorNaming;
import io.tributary.models.weights.TensorRole;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a model says of its experts.
 *
 * @param name of the model
 * @param fingerprint of the model
 * @param layers that have experts, ascending
 * @param bytes of each expert in all layers, as stored
 */
public record ModelExperts(String name, String fingerprint, List<Integer> layers, List<Long> bytes) {
    public ModelExperts {
        layers = List.copyOf(layers);
        bytes = List.copyOf(bytes);
    }

    /**
     * Reads a model.
     *
     * @throws CommandFailedException if it has no experts
     * @throws io.tributary.checkpoints.CheckpointException if it cannot be read
     */
    public static ModelExperts read(Path model) {
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            Architecture architecture = ArchitectureReader.read(checkpoint);
            List<Integer> layers = IntStream.range(0, architecture.layers().size())
                    .filter(layer -> mixture(architecture, layer).findAny().isPresent())
                    .boxed()
                    .toList();
            if (layers.isEmpty()) {
                throw new CommandFailedException(model + " has no experts, so there is nothing to place");
            }
            return new ModelExperts(
                    checkpoint.name(), checkpoint.fingerprint(), layers, bytes(checkpoint, architecture));
        }
    }

    /** Experts of the layer that has most. */
    public int experts() {
        return bytes.size();
    }

    /** Bytes of these experts in all layers, as stored. */
    public long bytes(ExpertSet experts) {
        return experts.indices().mapToLong(bytes::get).sum();
    }

    private static Stream<MixtureOfExperts> mixture(Architecture architecture, int layer) {
        return Stream.of(architecture.layers().get(layer).channelMixing())
                .filter(MixtureOfExperts.class::isInstance)
                .map(MixtureOfExperts.class::cast);
    }

    private static List<Long> bytes(Checkpoint checkpoint, Architecture architecture) {
        List<Long> bytes = new ArrayList<>();
        for (int layer = 0; layer < architecture.layers().size(); layer++) {
            int experts = mixture(architecture, layer)
                    .mapToInt(MixtureOfExperts::experts)
                    .sum();
            for (int expert = 0; expert < experts; expert++) {
                if (expert == bytes.size()) {
                    bytes.add(0L);
                }
                bytes.set(expert, bytes.get(expert) + bytes(checkpoint, layer, expert, experts));
            }
        }
        return bytes;
    }

    private static long bytes(Checkpoint checkpoint, int layer, int expert, int experts) {
        TensorNaming naming = TensorNaming.of(checkpoint);
        return Stream.of(TensorRole.GATE, TensorRole.UP, TensorRole.DOWN)
                .flatMap(role -> checkpoint.tensor(naming.expertWeight(role, layer, expert)).stream())
                .mapToLong(tensor -> tensor.data().byteSize() / (naming.stacksExperts() ? experts : 1))
                .sum();
    }
}
