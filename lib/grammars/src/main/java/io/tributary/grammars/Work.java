package io.tributary.grammars;

/** The bounded work of one mask or one token; an ambiguous grammar could ask for any amount. */
final class Work {
    private static final int LIMIT = 4_000_000;

    private int left = LIMIT;

    void spend(int units) {
        left -= units;
        if (left < 0) {
            throw new InvalidGrammarException(
                    "the grammar is too ambiguous: one token could be read in so many ways that"
                            + " following them takes more than " + LIMIT
                            + " steps; make its alternatives begin differently and"
                            + " its nested repetitions fewer");
        }
    }
}
