package io.tributary.bench.model;

import java.util.SortedMap;

/**
 * Rates of one repetition in tokens a second.
 *
 * @param prefill of a prompt
 * @param decode of one sequence
 * @param parallel of all sequences together, by their number
 */
record Round(double prefill, double decode, SortedMap<Integer, Double> parallel) {}
