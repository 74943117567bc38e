package io.tributary.cli.mesh;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process that was started for the mesh. The start time tells it from a later process with the same id.
 *
 * @param name for people, like `decoder-0`
 * @param pid the operating system's id
 * @param startedMillis start time, milliseconds of the epoch, as the operating system says
 * @param grpcPort on loopback; for the broker, Kafka's port
 * @param httpPort on loopback; 0 if it has none
 */
public record MeshProcess(String name, long pid, long startedMillis, int grpcPort, int httpPort) {
    static MeshProcess of(String name, ProcessHandle handle, int grpcPort, int httpPort) {
        return new MeshProcess(name, handle.pid(), startOf(handle), grpcPort, httpPort);
    }

    /** The process, if it still runs. */
    public Optional<ProcessHandle> handle() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(handle -> startOf(handle) == startedMillis);
    }

    /** Whether it is Kafka; all others answer HTTP. */
    @JsonIgnore
    public boolean isBroker() {
        return httpPort == 0;
    }

    /** Asks the process to end, and does not wait. */
    public void askToEnd() {
        handle().ifPresent(ProcessHandle::destroy);
    }

    /** Ends the process at once, as the operating system does with one that took too much memory. */
    public void kill() {
        handle().ifPresent(ProcessHandle::destroyForcibly);
    }

    /** Asks the process to end, and after the deadline makes it. */
    public void stop(Duration deadline) {
        handle().ifPresent(handle -> {
            handle.destroy();
            try {
                handle.onExit().get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException late) {
                handle.destroyForcibly();
            } catch (InterruptedException interrupted) {
                handle.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        });
    }

    private static long startOf(ProcessHandle handle) {
        return handle.info().startInstant().map(java.time.Instant::toEpochMilli).orElse(0L);
    }
}
