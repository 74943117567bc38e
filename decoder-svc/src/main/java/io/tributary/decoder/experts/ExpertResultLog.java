package io.tributary.decoder.experts;

import com.google.rpc.Code;
import com.google.rpc.Status;
import io.tributary.log.LogException;
import io.tributary.log.LogWriter;
import io.tributary.log.RecordTooLargeException;
import io.tributary.proto.router.v1.ExpertResult;
import io.tributary.proto.router.v1.ExpertResultRecord;
import io.tributary.proto.router.v1.ExpertWorkRecord;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Appends results where the records of work say that they are read. Thread-safe. */
final class ExpertResultLog {
    private static final Logger LOG = Logger.getLogger(ExpertResultLog.class);

    private final LogWriter<ExpertResultRecord> results;
    private final AtomicBoolean losing = new AtomicBoolean();

    ExpertResultLog(LogWriter<ExpertResultRecord> results) {
        this.results = results;
    }

    /** Appends the result of a work; a result that gets lost is asked for again. */
    void answer(ExpertWorkRecord asked, ExpertResult result) {
        try {
            append(asked, result).whenComplete((_, failure) -> {
                if (failure instanceof RecordTooLargeException && !result.hasError()) {
                    answer(asked, tooLarge(result.getWorkId(), failure));
                } else {
                    report(failure);
                }
            });
        } catch (IllegalArgumentException | LogException failure) {
            report(failure);
        }
    }

    private CompletionStage<Long> append(ExpertWorkRecord asked, ExpertResult result) {
        String router = asked.getRouterId();
        ExpertResultRecord answer = ExpertResultRecord.newBuilder()
                .setRouterId(router)
                .setResult(result)
                .build();
        return results.append(asked.getResultPartition(), answer, router, Map.of());
    }

    private static ExpertResult tooLarge(long workId, Throwable failure) {
        return ExpertResult.newBuilder()
                .setWorkId(workId)
                .setError(Status.newBuilder()
                        .setCode(Code.RESOURCE_EXHAUSTED.getNumber())
                        .setMessage(String.valueOf(failure.getMessage())))
                .build();
    }

    /** Says once that results get lost, until one does not. */
    private void report(@Nullable Throwable failure) {
        if (failure == null) {
            losing.set(false);
        } else if (!losing.getAndSet(true)) {
            LOG.warnf("the log has not taken a result: %s", failure.getMessage());
        }
    }
}
