package io.tributary.bench.synthetic;

import io.tributary.bench.WrongUsageException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The sizes of a decoder of the Llama architecture.
 *
 * @param name what it is called on the command line
 * @param layers number of layers
 * @param width elements of a hidden state
 * @param heads query heads; the head size is the width divided by them
 * @param keyValueHeads heads of keys and values
 * @param hidden elements between the projections of a feed-forward network, of one expert if there are experts
 * @param vocabulary number of token ids
 * @param context positions of a sequence
 * @param experts which of them a token uses; {@link Experts#NONE} for one network a layer
 */
record ModelShape(
        String name,
        int layers,
        int width,
        int heads,
        int keyValueHeads,
        int hidden,
        int vocabulary,
        int context,
        Experts experts) {

    /**
     * Feed-forward networks of a layer.
     *
     * @param count how many there are; 0 for a single network without a router
     * @param used how many the router chooses for a token
     */
    record Experts(int count, int used) {
        static final Experts NONE = new Experts(0, 0);

        boolean routed() {
            return count > 0;
        }
    }

    private static final List<ModelShape> NAMED = List.of(
            new ModelShape("tinyllama-1.1b", 22, 2048, 32, 4, 5632, 32_000, 2048, Experts.NONE),
            new ModelShape("llama2-7b", 32, 4096, 32, 32, 11_008, 32_000, 4096, Experts.NONE),
            new ModelShape("mixtral-mini", 16, 1024, 16, 4, 3584, 32_000, 2048, new Experts(8, 2)));

    /**
     * The shape of that name.
     *
     * @throws WrongUsageException when there is none
     */
    static ModelShape named(String name) {
        return NAMED.stream()
                .filter(shape -> shape.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new WrongUsageException(
                        "--shape",
                        name,
                        "there are " + NAMED.stream().map(ModelShape::name).collect(Collectors.joining(", "))));
    }

    int headSize() {
        return width / heads;
    }

    int keyValueWidth() {
        return keyValueHeads * headSize();
    }
}
