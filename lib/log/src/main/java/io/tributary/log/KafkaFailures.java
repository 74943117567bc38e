package io.tributary.log;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Turns what Kafka's clients throw into what the log throws. */
final class KafkaFailures {
    private KafkaFailures() {}

    /**
     * Runs a call to a Kafka client.
     *
     * @param what what was tried, for the message: "append to ..."
     */
    static <R> R translated(KafkaLogConfiguration configuration, String what, Supplier<R> call) {
        try {
            return call.get();
        } catch (InterruptException interruption) {
            // The client has marked the thread as interrupted again.
            throw new LogInterruptedException("interrupted while trying to " + what);
        } catch (KafkaException failure) {
            throw unavailable(configuration, what, failure);
        }
    }

    /**
     * What to throw for a failed call.
     *
     * @param failure what the client threw; of an execution's failure its cause counts
     */
    static LogUnavailableException unavailable(KafkaLogConfiguration configuration, String what, Exception failure) {
        return unavailable(configuration, configuration.deadline(), what, failure);
    }

    /**
     * What to throw for a failed call.
     *
     * @param deadline after which the call was given up, at the latest
     * @param failure what the client threw; of an execution's failure its cause counts
     */
    static LogUnavailableException unavailable(
            KafkaLogConfiguration configuration, Duration deadline, String what, Exception failure) {
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
        return new LogUnavailableException(
                "could not %s; the brokers are %s, the deadline is %d ms: %s"
                        .formatted(what, configuration.bootstrapServers(), deadline.toMillis(), cause),
                cause);
    }
}
