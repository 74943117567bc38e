package io.tributary.grammars;

/**
 * How often something may come.
 *
 * @param max {@link Expression#UNBOUNDED} if there is no bound
 */
record Repetition(int min, int max) {
    static final int LIMIT = 100_000;

    /**
     * Reads what stands in braces, after the opening one: {@code m}, {@code m,} or {@code m,n}, and the closing brace.
     */
    static Repetition afterBrace(Source source) {
        int from = source.offset() - 1;
        int min = source.takeNumber(LIMIT);
        int max = min;
        if (source.takeIf(",")) {
            max = source.peek() == '}' ? Expression.UNBOUNDED : source.takeNumber(LIMIT);
        }
        if (min == Source.END || max == Source.END || !source.takeIf("}")) {
            throw source.errorAt(from, "a repetition is written {m}, {m,} or {m,n}");
        }
        if (max < min) {
            throw source.errorAt(
                    from, "a repetition needs its bounds in ascending order, not {" + min + "," + max + "}");
        }
        return new Repetition(min, max);
    }

    Expression of(Expression body) {
        return new Expression.Repeat(body, min, max);
    }
}
