package io.tributary.cli;

import io.quarkus.grpc.GrpcService;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.tributary.gateway.GatewayGrpcService;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The whole mesh in this JVM: the same service beans as in the processes, joined by the in-process log.
 *
 * @param properties configuration of the services
 */
record EmbeddedMesh(Map<String, String> properties) {
    private static final AtomicReference<@Nullable ToIntFunction<GatewayGrpcService>> TASK = new AtomicReference<>();
    private static final AtomicReference<@Nullable RuntimeException> FAILURE = new AtomicReference<>();

    /** A mesh for one task: it listens on ephemeral loopback ports only, and loads the model with the first call. */
    static EmbeddedMesh of(Path model) {
        return new EmbeddedMesh(Map.of(
                "tributary.model.path", model.toString(),
                "tributary.model.load-at-start", "false",
                "quarkus.http.host-enabled", "false",
                "quarkus.grpc.server.port", "0"));
    }

    /**
     * Starts the services, runs the task with the gateway, and stops them.
     *
     * @param task returns the exit status
     */
    int run(ToIntFunction<GatewayGrpcService> task) {
        TASK.set(task);
        int status = start(RunTask.class);
        RuntimeException failure = FAILURE.get();
        if (failure != null) {
            throw failure;
        }
        return status;
    }

    /** Starts the services and keeps them until the process is told to stop. */
    int serve() {
        return start(ServeUntilStopped.class);
    }

    private int start(Class<? extends QuarkusApplication> application) {
        properties.forEach(System::setProperty);
        AtomicInteger status = new AtomicInteger();
        Quarkus.run(application, (code, failure) -> {
            status.set(code);
            if (failure instanceof RuntimeException runtimeFailure) {
                FAILURE.compareAndSet(null, runtimeFailure);
            }
        });
        return status.get();
    }

    /** Runs the task that was asked for. */
    static class RunTask implements QuarkusApplication {
        private final GatewayGrpcService gateway;

        @Inject
        RunTask(@GrpcService GatewayGrpcService gateway) {
            this.gateway = gateway;
        }

        @Override
        public int run(String... arguments) {
            ToIntFunction<GatewayGrpcService> task = TASK.get();
            if (task == null) {
                throw new IllegalStateException("no task was set");
            }
            try {
                return task.applyAsInt(gateway);
            } catch (RuntimeException failure) {
                FAILURE.set(failure);
                return 1;
            }
        }
    }

    /** Does nothing but stay. */
    static class ServeUntilStopped implements QuarkusApplication {
        @Override
        public int run(String... arguments) {
            Quarkus.waitForExit();
            return 0;
        }
    }
}
