package io.tributary.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.tributary.checkpoints.CheckpointException;
import io.tributary.models.architecture.ArchitectureException;
import io.tributary.proto.gateway.v1.ListModelsRequest;
import io.tributary.proto.gateway.v1.Model;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `tributary models`: the models that a gateway serves, or those in a directory. */
@Command(name = "models", description = "Lists the models that a gateway serves, or those in directories here.")
final class ModelsCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @Option(names = "--gateway", paramLabel = "HOST:PORT", description = "List what this gateway serves.")
    @Nullable
    String gateway;

    @Option(names = "--json", description = "One JSON array.")
    boolean json;

    @Parameters(
            paramLabel = "DIR",
            arity = "0..*",
            description = "Directories with models, or models; default: those that are shipped.")
    List<Path> directories = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        if (gateway == null) {
            print(local());
        } else {
            if (!directories.isEmpty()) {
                throw new WrongUsageException("DIR and --gateway exclude each other: a gateway has its own models");
            }
            print(served(gateway));
        }
        return 0;
    }

    private List<ModelSummary> served(String address) {
        List<RemoteGateway> gateways = RemoteGateway.connectAll(address);
        try {
            return new RemoteGateways(gateways)
                            .listModels(ListModelsRequest.getDefaultInstance())
                            .await()
                            .atMost(DEADLINE)
                            .getModelsList()
                            .stream()
                            .map(ModelsCommand::summary)
                            .toList();
        } finally {
            gateways.forEach(RemoteGateway::close);
        }
    }

    private static ModelSummary summary(Model model) {
        return new ModelSummary(
                model.getName(),
                model.getHasChatTemplate() ? "chat" : "text",
                model.getContextLength(),
                model.getVocabularySize(),
                "",
                0);
    }

    private List<ModelSummary> local() throws IOException {
        List<Path> places = directories.isEmpty() ? List.of(ProjectRoot.path().resolve("models")) : directories;
        List<ModelSummary> summaries = new ArrayList<>();
        for (Path place : places) {
            if (!Files.exists(place)) {
                throw new WrongUsageException("there is no directory or file " + place);
            }
            for (Path candidate : candidates(place)) {
                read(candidate).ifPresent(summaries::add);
            }
        }
        return summaries;
    }

    private static List<Path> candidates(Path place) throws IOException {
        if (!Files.isDirectory(place) || ModelSummary.isModelDirectory(place)) {
            return List.of(place);
        }
        try (Stream<Path> entries = Files.list(place)) {
            return entries.filter(entry -> Files.isDirectory(entry)
                            ? ModelSummary.isModelDirectory(entry)
                            : entry.toString().endsWith(".gguf"))
                    .sorted()
                    .toList();
        }
    }

    /** What cannot be read is said, and does not hide the others. */
    private static Optional<ModelSummary> read(Path path) {
        try {
            return Optional.of(ModelSummary.read(path));
        } catch (CheckpointException | ArchitectureException | IllegalArgumentException unreadable) {
            System.err.println("tributary: " + path + ": " + unreadable.getMessage());
            return Optional.empty();
        }
    }

    private void print(List<ModelSummary> models) {
        PrintStream out = StandardOutput.text();
        if (json) {
            ArrayNode array = new ObjectMapper().createArrayNode();
            models.forEach(model -> array.add(model.json()));
            out.println(array);
        } else {
            out.println(ModelSummary.HEADING);
            models.forEach(model -> out.println(model.line()));
        }
        out.flush();
    }
}
