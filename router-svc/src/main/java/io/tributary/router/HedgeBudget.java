package io.tributary.router;

/**
 * How many works may be given to a second shard: a tenth of all, and some in a row. When all are late because there is too much
 * work, doubling it helps nobody. Lives on the loop.
 */
final class HedgeBudget {
    private static final double PER_WORK = 0.1;
    private static final double MOST = 10;

    private double left = MOST;

    /** Work is sent for the first time. */
    void sent() {
        left = Math.min(MOST, left + PER_WORK);
    }

    /** Takes one hedge out of the budget, if it has one. */
    boolean take() {
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
