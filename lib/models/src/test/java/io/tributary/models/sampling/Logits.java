package io.tributary.models.sampling;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Native rows of logits for tests. */
final class Logits {
    private Logits() {}

    static MemorySegment of(float... values) {
        return Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, values);
    }
}
