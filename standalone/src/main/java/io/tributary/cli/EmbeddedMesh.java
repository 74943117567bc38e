package io.tributary.cli;

import io.grpc.Status;
import io.quarkus.grpc.GrpcService;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.tributary.decoder.DecoderGrpcService;
import io.tributary.gateway.GatewayGrpcService;
import io.tributary.proto.decoder.v1.DescribeShardRequest;
import io.tributary.proto.gateway.v1.ChatRequest;
import io.tributary.proto.gateway.v1.ChatResponse;
import io.tributary.proto.gateway.v1.DetokenizeRequest;
import io.tributary.proto.gateway.v1.DetokenizeResponse;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.GenerateResponse;
import io.tributary.proto.gateway.v1.ListModelsRequest;
import io.tributary.proto.gateway.v1.ListModelsResponse;
import io.tributary.proto.gateway.v1.TokenizeRequest;
import io.tributary.proto.gateway.v1.TokenizeResponse;
import io.tributary.tokenizer.LoadedTokenizer;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
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
    /** A model that takes longer to load is taken for one that never will be. */
    private static final Duration LONGEST_LOAD = Duration.ofMinutes(10);

    private static final AtomicReference<@Nullable Task> TASK = new AtomicReference<>();
    private static final AtomicReference<@Nullable RuntimeException> FAILURE = new AtomicReference<>();

    /** What to do with the gateway; returns the exit status. */
    interface Task extends ToIntFunction<GatewayCalls> {}

    /** A mesh for one task: it listens on ephemeral loopback ports only, and loads the model with the first call. */
    static EmbeddedMesh of(Path model) {
        return new EmbeddedMesh(Map.of(
                "tributary.model.path", model.toString(),
                "tributary.model.load-at-start", "false",
                "tributary.gateway.call-timeout", LONGEST_LOAD.toString(),
                "quarkus.http.host-enabled", "false",
                "quarkus.grpc.server.port", "0"));
    }

    /** Starts the services, runs the task, stops them, and returns the task's exit status. */
    int run(Task task) {
        TASK.set(task);
        return start(RunTask.class);
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
            if (failure != null) {
                FAILURE.compareAndSet(null, startFailure(failure));
            }
        });
        RuntimeException failure = FAILURE.get();
        if (failure != null) {
            throw failure;
        }
        return status.get();
    }

    /** Takes what a service threw when it started out of the exception that Quarkus puts around it. */
    private static RuntimeException startFailure(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof RuntimeException known ? known : new CommandFailedException(cause.toString());
    }

    /** Runs the task that was asked for. */
    static class RunTask implements QuarkusApplication, GatewayCalls {
        private final GatewayGrpcService gateway;
        private final DecoderGrpcService decoder;
        private final LoadedTokenizer tokenizer;

        @Inject
        RunTask(
                @GrpcService GatewayGrpcService gateway,
                @GrpcService DecoderGrpcService decoder,
                LoadedTokenizer tokenizer) {
            this.gateway = gateway;
            this.decoder = decoder;
            this.tokenizer = tokenizer;
        }

        @Override
        public int run(String... arguments) {
            Task task = TASK.get();
            if (task == null) {
                throw new IllegalStateException("no task was set");
            }
            try {
                return task.applyAsInt(this);
            } catch (RuntimeException failure) {
                FAILURE.set(causeOf(failure));
                return 1;
            }
        }

        /** Loads the tokenizer itself: where it fails, the gateway only refers to the log of another service. */
        @Override
        public Multi<GenerateResponse> generate(GenerateRequest request) {
            tokenizer.get();
            return gateway.generate(request);
        }

        @Override
        public Multi<ChatResponse> chat(Multi<ChatRequest> requests) {
            tokenizer.get();
            return gateway.chat(requests);
        }

        @Override
        public Uni<TokenizeResponse> tokenize(TokenizeRequest request) {
            tokenizer.get();
            return gateway.tokenize(request);
        }

        @Override
        public Uni<DetokenizeResponse> detokenize(DetokenizeRequest request) {
            tokenizer.get();
            return gateway.detokenize(request);
        }

        @Override
        public Uni<ListModelsResponse> listModels(ListModelsRequest request) {
            return gateway.listModels(request);
        }

        /** Why the model cannot be loaded, if that is behind the failure: the gateway only knows that it cannot. */
        private RuntimeException causeOf(RuntimeException failure) {
            if (Status.fromThrowable(failure).getCode() != Status.Code.UNAVAILABLE) {
                return failure;
            }
            try {
                decoder.describeShard(DescribeShardRequest.getDefaultInstance())
                        .await()
                        .atMost(LONGEST_LOAD);
                return failure;
            } catch (TimeoutException _) {
                return failure;
            } catch (RuntimeException cause) {
                return cause;
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
