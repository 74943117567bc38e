package io.tributary.bench.encoder;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** `tributary bench encoder`: how fast texts become embeddings. */
@Command(
        name = "encoder",
        description = "Measures how fast a text encoder is, beside ONNX Runtime on the same file in the same run.")
public final class EncoderCommand implements Callable<Integer> {
    @Option(
            names = "--model",
            paramLabel = "FILE",
            description = "The ONNX file of a BERT; default: all-MiniLM-L6-v2, which comes from Maven Central.")
    @Nullable
    Path model;

    @Option(names = "--threads", split = ",", defaultValue = "1,2", description = "Default: ${DEFAULT-VALUE}.")
    List<Integer> threads = List.of();

    @Option(
            names = "--batch",
            split = ",",
            defaultValue = "1,32",
            description = "Texts that are encoded together; default: ${DEFAULT-VALUE}.")
    List<Integer> batches = List.of();

    @Option(
            names = "--tokens",
            split = ",",
            defaultValue = "16,128",
            description = "Tokens of each text; default: ${DEFAULT-VALUE}.")
    List<Integer> tokens = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
    CommandSpec specification;

    @Override
    public Integer call() {
        var out = specification.commandLine().getOut();
        out.println(EncoderRate.heading());
        try (EncoderFile file = model == null ? EncoderFile.ofMaven() : EncoderFile.at(model)) {
            for (int count : threads) {
                try (EncoderBenchmark benchmark = new EncoderBenchmark(file.path(), count)) {
                    for (int batch : batches) {
                        for (int length : tokens) {
                            out.println(benchmark.run(batch, length).row());
                            out.flush();
                        }
                    }
                }
            }
        }
        return 0;
    }
}
