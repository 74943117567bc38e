package io.tributary.decoder.protocol;

import io.tributary.decoder.protocol.Entry.Kind;
import java.util.Set;

/** Which records of owners that were replaced count all the same. */
final class Fencing {
    private Fencing() {}

    static boolean spares(Set<Deviation> deviations, Kind kind) {
        return switch (kind) {
            case OPENING -> deviations.contains(Deviation.OPENINGS_NOT_FENCED);
            case ACTIVATION, TOKEN, LAST_TOKEN -> deviations.contains(Deviation.VALUES_NOT_FENCED);
            case FINISHED, CANCELLED, FAILED, FAILURE -> deviations.contains(Deviation.CLOSINGS_NOT_FENCED);
            case OWNERSHIP -> false;
        };
    }
}
