package io.tributary.bench.model;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.models.weights.TensorNaming;
import io.tributary.models.weights.TensorRole;

/**
 * What the weights of a model cost. Of experts only those count that a token uses; attention itself is left out.
 *
 * @param decodeBytes bytes of weights, as the file stores them, that computing one token reads
 * @param prefillMultiplyAdds multiply-adds of weights for one token of a prompt, without the unembedding, which is
 *     computed for the last token only
 */
record WeightTraffic(double decodeBytes, double prefillMultiplyAdds) {
    private static final int MATRIX_RANK = 2;

    /** Adds up the tensors of a checkpoint. */
    static WeightTraffic of(Checkpoint checkpoint, boolean tiedUnembedding) {
        TensorNaming naming = TensorNaming.of(checkpoint);
        String embedding = naming.weight(TensorRole.EMBEDDING);
        String unembedding = tiedUnembedding ? embedding : naming.weight(TensorRole.UNEMBEDDING);
        double expertShare = ExpertShare.of(checkpoint);
        double bytes = 0;
        double multiplyAdds = 0;
        for (String name : checkpoint.tensorNames()) {
            StoredTensor tensor = checkpoint.require(name);
            double share = ExpertShare.isExpert(name) ? expertShare : 1;
            boolean lookedUp = name.equals(embedding) && !tiedUnembedding;
            bytes += lookedUp ? 0 : share * tensor.data().byteSize();
            boolean perToken = !lookedUp && !name.equals(unembedding);
            multiplyAdds += perToken && tensor.shape().size() >= MATRIX_RANK ? share * tensor.elements() : 0;
        }
        return new WeightTraffic(bytes, multiplyAdds);
    }
}
