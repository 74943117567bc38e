package io.tributary.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchTest {
    private static final int FAILURE = 1;
    private static final int WRONG_USAGE = 2;

    private final StringWriter errors = new StringWriter();

    @Test
    void theHelpNamesAllCommands() {
        assertThat(Bench.commandLine().getUsageMessage())
                .contains("model", "make-model", "kernels", "perplexity", "grammar", "chart");
    }

    @Test
    void aShapeThatDoesNotExistIsRefusedWithTheOnesThatDo(@TempDir Path directory) {
        String file = directory.resolve("x.gguf").toString();
        assertThat(run("make-model", "--shape", "llama9", "--type", "q8_0", "--out", file))
                .isEqualTo(WRONG_USAGE);
        assertThat(errors.toString()).contains("llama9", "tinyllama-1.1b", "llama2-7b", "mixtral-mini");
    }

    @Test
    void aTypeThatDoesNotExistIsRefusedWithTheOnesThatDo(@TempDir Path directory) {
        String file = directory.resolve("x.gguf").toString();
        assertThat(run("make-model", "--shape", "llama2-7b", "--type", "q9", "--out", file))
                .isEqualTo(WRONG_USAGE);
        assertThat(errors.toString()).contains("q9", "Q8_0");
    }

    @Test
    void aFileInADirectoryThatDoesNotExistIsRefused(@TempDir Path directory) {
        Path file = directory.resolve("missing").resolve("x.gguf");
        assertThat(run("make-model", "--shape", "llama2-7b", "--type", "q8_0", "--out", file.toString()))
                .isEqualTo(WRONG_USAGE);
        assertThat(errors.toString()).contains(file.toString());
    }

    @Test
    void aNumberThatCannotBeMeasuredIsRefusedWithItsBounds() {
        assertThat(run("model", "--model", "x.gguf", "--prompt", "0")).isEqualTo(WRONG_USAGE);
        assertThat(errors.toString()).contains("--prompt 0").contains("1 to ");
    }

    @Test
    void aPeerForADirectoryIsRefused(@TempDir Path directory) {
        assertThat(run("model", "--model", directory.toString(), "--peer")).isEqualTo(WRONG_USAGE);
        assertThat(errors.toString()).contains("GGUF");
    }

    @Test
    void aModelThatIsNotThereIsAFailureWithItsName() {
        assertThat(run("model", "--model", "/nowhere/x.gguf")).isEqualTo(FAILURE);
        assertThat(errors.toString()).contains("tributary: ").contains("/nowhere/x.gguf");
    }

    @Test
    void aKeyValueTypeThatDoesNotExistIsRefusedWithTheOnesThatDo() {
        assertThat(run("perplexity", "--model", "x.gguf", "--key-value-type", "f16,q4"))
                .isEqualTo(WRONG_USAGE);
        assertThat(errors.toString()).contains("--key-value-type q4").contains("f32, f16, bf16, q8");
    }

    @Test
    void aVocabularyWithoutAllBytesIsRefused() {
        assertThat(run("grammar", "--vocabulary", "32000,256")).isEqualTo(WRONG_USAGE);
        assertThat(errors.toString()).contains("--vocabulary 256").contains("257 to ");
    }

    private int run(String... arguments) {
        CommandLine command = Bench.commandLine().setErr(new PrintWriter(errors, true));
        return command.execute(arguments);
    }
}
