package io.tributary.decoder;

import io.tributary.kernels.FloatMatrix;
import io.tributary.models.RemoteExperts;
import io.tributary.models.experts.ExpertSum;
import io.tributary.models.experts.Routing;
import org.jspecify.annotations.Nullable;

/** No experts while a stage warms up, which is to wait for nobody; those that serve it afterwards. */
final class DeferredExperts implements RemoteExperts {
    private volatile @Nullable RemoteExperts serving;

    /** From now on these are asked. */
    void serve(RemoteExperts experts) {
        serving = experts;
    }

    @Override
    public void begin(int layer, FloatMatrix input, int[] sequenceEnds, int sequences, boolean reportsRouting) {
        RemoteExperts experts = serving;
        if (experts != null) {
            experts.begin(layer, input, sequenceEnds, sequences, reportsRouting);
        }
    }

    @Override
    public void finish(FloatMatrix sums, @Nullable Routing routing) {
        RemoteExperts experts = serving;
        if (experts == null) {
            ExpertSum.begin(sums);
        } else {
            experts.finish(sums, routing);
        }
    }
}
