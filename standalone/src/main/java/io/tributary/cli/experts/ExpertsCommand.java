package io.tributary.cli.experts;

import io.tributary.cli.DefaultModel;
import io.tributary.cli.StandardOutput;
import io.tributary.cli.WrongUsageException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** `tributary experts`: a picture of which experts a model uses for the tokens of a text, and their load in numbers. */
@Command(
        name = "experts",
        description = "Draws which experts of a model the tokens of a text use, and prints the experts' load.")
public final class ExpertsCommand implements Callable<Integer> {
    @Option(
            names = "--model",
            paramLabel = "PATH",
            required = true,
            description = "A mixture of experts: a Hugging Face directory or a GGUF file.")
    Path model = Path.of("");

    @Option(names = "--prompt", paramLabel = "TEXT", required = true, description = "The text to continue.")
    String prompt = "";

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "16",
            description = "Continue with at most N tokens, each the likeliest; 0 for the prompt alone; default: 16.")
    int maxTokens;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "experts.svg",
            description = "Where the picture goes, by its name as SVG or PNG; replaced if it exists;"
                    + " default: ${DEFAULT-VALUE}.")
    Path out = Path.of("");

    @Option(
            names = "--json",
            description = "One JSON object instead of a table, with the experts and weights of every token.")
    boolean json;

    @Override
    public Integer call() {
        System.setProperty("java.awt.headless", "true");
        if (maxTokens < 0) {
            throw new WrongUsageException("--max-tokens is " + maxTokens + "; 0 or more are allowed");
        }
        PictureFile picture = PictureFile.of(out);
        ExpertUse use = ExpertRun.of(DefaultModel.orDefault(model), prompt, maxTokens);
        picture.write(new ExpertPicture(use));
        PrintStream text = StandardOutput.text();
        if (json) {
            text.println(ExpertJson.of(use));
        } else {
            ExpertTable.print(use, text);
        }
        text.flush();
        return 0;
    }
}
