package io.tributary.chaos.mesh;

import io.tributary.chaos.ChaosException;
import io.tributary.cli.mesh.Deadline;
import io.tributary.cli.mesh.MeshLauncher;
import io.tributary.cli.mesh.MeshProcess;
import io.tributary.cli.mesh.ProcessStart;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A process of the mesh over all its lives: it can be ended in several ways and started again on the same ports. */
public final class MeshMember {
    private static final Duration SIGNAL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);

    private final MemberKind kind;
    private final ProcessStart start;
    private final MeshLauncher launcher;
    private volatile @Nullable MeshProcess process;

    MeshMember(MemberKind kind, ProcessStart start, MeshLauncher launcher) {
        this.kind = kind;
        this.start = start;
        this.launcher = launcher;
    }

    /** What it is. */
    public MemberKind kind() {
        return kind;
    }

    /** What it is called, like `decoder-0-1`. */
    public String name() {
        return start.name();
    }

    /** Its gRPC port on loopback. */
    public int grpcPort() {
        return start.grpcPort();
    }

    ProcessStart start() {
        return start;
    }

    /** The process of its present life; empty before the first. */
    Optional<MeshProcess> process() {
        return Optional.ofNullable(process);
    }

    /** The operating system's id of the present life, if it has one. */
    public Optional<Long> pid() {
        return process().flatMap(MeshProcess::handle).map(ProcessHandle::pid);
    }

    /** Starts it, and does not wait until it is ready. */
    void launch() {
        process = launcher.launch(start);
    }

    /** Waits until it is ready. */
    void awaitReady(Deadline deadline) {
        launcher.await(running(), deadline);
    }

    /** Ends it without a warning (SIGKILL), and waits until it is gone. */
    public void kill() {
        process().ifPresent(MeshProcess::kill);
        awaitExit(KILL_TIMEOUT);
    }

    /**
     * Asks it to end (SIGTERM), and waits until it has.
     *
     * @return whether it ended by itself within the time; otherwise it was killed
     */
    public boolean stop(Duration deadline) {
        running().askToEnd();
        boolean inTime = awaitExit(deadline);
        if (!inTime) {
            kill();
        }
        return inTime;
    }

    /** Takes the processor from it (SIGSTOP). */
    public void pause() {
        signal("STOP");
    }

    /** Gives the processor back to it (SIGCONT). */
    public void resume() {
        signal("CONT");
    }

    /** Waits until it has ended by itself; false if that takes too long. */
    public boolean awaitExit(Duration deadline) {
        Optional<ProcessHandle> handle = process().flatMap(MeshProcess::handle);
        if (handle.isEmpty()) {
            return true;
        }
        try {
            handle.get().onExit().get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException late) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ChaosException("interrupted while " + name() + " was ending");
        }
    }

    /** Lets no file of it grow any more: what it writes fails from now on, as on a disk that is full. */
    public void fillDisk() {
        run("prlimit", "--pid", Long.toString(running().pid()), "--fsize=0:0");
    }

    private void signal(String signal) {
        run("kill", "-" + signal, Long.toString(running().pid()));
    }

    private void run(String... command) {
        try {
            Process process = new ProcessBuilder(command).inheritIO().start();
            if (!process.waitFor(SIGNAL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
                throw new ChaosException("%s failed for %s".formatted(String.join(" ", command), name()));
            }
        } catch (IOException failure) {
            throw new ChaosException("the command %s cannot be run: %s".formatted(command[0], failure.getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ChaosException("interrupted while %s was run for %s".formatted(command[0], name()));
        }
    }

    private MeshProcess running() {
        return process().orElseThrow(() -> new ChaosException(name() + " was never started"));
    }
}
