package io.tributary.cli;

import io.tributary.checkpoints.SafetensorsWriter;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.checkpoints.TensorType;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.KeyValueType;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** `tributary logits`: the logits behind each of the given tokens, keys and values in float32, for people who verify a port. */
@Command(name = "logits", description = "Prints or writes the logits of each position of a sequence of token ids.")
final class LogitsCommand implements Callable<Integer> {
    @Option(names = "--model", paramLabel = "PATH", description = "A Hugging Face directory or a GGUF file.")
    @Nullable
    Path model;

    @Option(
            names = "--ids",
            paramLabel = "ID",
            split = ",",
            required = true,
            description = "Exactly these token ids; nothing is put in front of them.")
    int[] ids = {};

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write one F32 tensor `logits` [positions, vocabulary] to this safetensors file.")
    @Nullable
    Path out;

    @Override
    public Integer call() {
        if (ids.length == 0) {
            throw new WrongUsageException("--ids is empty; at least one token id is needed, like --ids 1,15043");
        }
        try (Arena memory = Arena.ofShared()) {
            FloatMatrix logits = SequenceLogits.compute(DefaultModel.orDefault(model), ids, KeyValueType.F32, memory);
            if (out == null) {
                print(logits);
            } else {
                StoredTensor tensor = new StoredTensor(
                        "logits",
                        TensorType.F32,
                        List.of((long) logits.rows(), (long) logits.columns()),
                        logits.data());
                SafetensorsWriter.write(out, List.of(tensor));
            }
        }
        return 0;
    }

    /** One line a position: its values, shortest decimals that give the same float. */
    private static void print(FloatMatrix logits) {
        PrintStream text = StandardOutput.text();
        for (int row = 0; row < logits.rows(); row++) {
            StringJoiner line = new StringJoiner(" ");
            for (int column = 0; column < logits.columns(); column++) {
                line.add(Float.toString(logits.get(row, column)));
            }
            text.println(line);
        }
        text.flush();
    }
}
