package io.tributary.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say who computes: a model in this JVM, or the gateways of a mesh. */
final class ModelOrGateway {
    @Option(
            names = "--model",
            paramLabel = "PATH",
            description = "A Hugging Face directory or a GGUF file; default: the model that is shipped.")
    @Nullable
    Path model;

    @Option(
            names = "--gateway",
            paramLabel = "HOST:PORT[,...]",
            description =
                    "Ask this gateway instead of a model here; with several of a mesh, go on at the next if one is lost."
                            + " TRIBUTARY_API_KEY is the key, if the gateway wants one.")
    @Nullable
    String gateway;

    /** The path of the model in this JVM; empty if a gateway is asked. */
    Optional<Path> localModel() {
        if (gateway == null) {
            return Optional.of(DefaultModel.orDefault(model));
        }
        if (model != null) {
            throw new WrongUsageException("--model and --gateway exclude each other: a gateway has its own model");
        }
        return Optional.empty();
    }

    /** Runs a task with whoever computes, and returns its exit status. */
    int run(ToIntFunction<GatewayCalls> task) {
        Optional<Path> local = localModel();
        return local.isPresent() ? EmbeddedMesh.of(local.get()).run(task::applyAsInt) : runRemote(task);
    }

    private int runRemote(ToIntFunction<GatewayCalls> task) {
        List<RemoteGateway> gateways = RemoteGateway.connectAll(String.valueOf(gateway));
        try {
            return task.applyAsInt(new RemoteGateways(gateways));
        } finally {
            gateways.forEach(RemoteGateway::close);
        }
    }
}
