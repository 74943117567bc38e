package io.tributary.cli.placement;

/**
 * Loads to plan with.
 *
 * @param loads what the experts have to do
 * @param origin where that comes from, for people
 */
record MeasuredLoads(ExpertLoads loads, String origin) {
    /** As nobody knows better. */
    static MeasuredLoads even(int layers, int experts, String why) {
        return new MeasuredLoads(ExpertLoads.even(layers, experts), why + ", so each expert counts alike");
    }
}
