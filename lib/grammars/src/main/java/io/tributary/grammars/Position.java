package io.tributary.grammars;

import java.util.List;

/** Where a text may stand within the rules of an {@link Automaton}; positions refer to one another by number. */
sealed interface Position {
    /** The end of a rule or of a repeated body: the text goes on where the stack says. It has the number 0. */
    record End() implements Position {}

    /** One byte of a set, then the next position. */
    record Bytes(ByteSet set, int next) implements Position {}

    /** Any of these positions. */
    record Split(List<Integer> options) implements Position {}

    /** A text of a rule, then the next position. */
    record Call(int rule, int next) implements Position {}

    /** The body, from {@code min} to {@code max} times, then the next position. */
    record Repeat(int body, int min, int max, int next) implements Position {}
}
