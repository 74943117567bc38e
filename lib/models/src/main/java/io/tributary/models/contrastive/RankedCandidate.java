package io.tributary.models.contrastive;

/**
 * A candidate in its place.
 *
 * @param index of the candidate in the list that was ranked
 * @param cosine with the query, -1 to 1
 */
public record RankedCandidate(int index, float cosine) {}
