package io.tributary.models;

import io.tributary.models.experts.Routing;

/** Is told which experts the layers of a stage have chosen. Called by the stage's thread within a forward pass. */
@FunctionalInterface
public interface RoutingObserver {
    /** Wants to know nothing. */
    RoutingObserver NONE = (layer, rows, routing) -> {};

    /**
     * A layer has chosen.
     *
     * @param layer the layer in the model
     * @param rows of the batch
     * @param routing grouped by expert; changes after the call
     */
    void routed(int layer, int rows, Routing routing);
}
