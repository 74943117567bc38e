package io.tributary.models.architecture;

import java.util.Optional;

/**
 * Several networks of which a gate chooses some for each token: {@code y = Σ weight(e) · expert(e, x)} over the chosen
 * experts e, plus the shared expert if there is one. The gate is linear, without bias. No token is dropped unless the
 * gating says so.
 *
 * @param experts number of experts to choose from
 * @param expert what each of them is; without biases
 * @param gating how experts are chosen and weighted
 * @param shared an expert for all tokens
 */
public record MixtureOfExperts(int experts, FeedForward expert, Gating gating, Optional<SharedExpert> shared)
        implements ChannelMixing {

    /** @throws InvalidArchitectureException if so many experts can't be gated like this, or experts have biases */
    public MixtureOfExperts {
        Bounds.integer("the number of experts", experts, 1, Bounds.EXPERTS);
        if (expert.biases()) {
            throw new InvalidArchitectureException("the network of an expert", expert.toString(), "without biases");
        }
        gating.check(experts);
    }
}
