package io.tributary.decoder.experts;

import io.tributary.decoder.MixtureCheckpoint;
import io.tributary.log.ActivationLog;
import io.tributary.log.InProcessLog;
import io.tributary.log.LaneBounds;

/** Work over the log inside one JVM. */
class ExpertWorkOverALogTest extends ExpertWorkContract {
    @Override
    ActivationLog openLog() {
        return new InProcessLog(MixtureCheckpoint.EXPERTS, LaneBounds.DEFAULT);
    }
}
