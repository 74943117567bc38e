package io.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.mesh.MixtureModel;
import io.tributary.mesh.ShippedModel;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** `tributary experts`. */
class ExpertsCommandIT {
    @TempDir
    Path directory = Path.of("");

    private String model = "";

    @BeforeEach
    void writeModel() {
        model = MixtureModel.write(directory.resolve("mixture")).toString();
    }

    @Test
    void aPictureIsWrittenAndALinePrintedForEachLayerWithExperts() throws Exception {
        Path picture = directory.resolve("use.png");

        CommandResult result = CommandProcess.run(
                "experts", "--model", model, "--prompt", "In the beginning", "--out", picture.toString());

        assertThat(result.messages()).isEmpty();
        assertThat(result.status()).isZero();
        List<String> lines = result.output().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("layer  busiest");
        assertThat(lines.get(1)).startsWith("    0  ");
        assertThat(lines.get(2)).startsWith("    2  ");
        assertThat(ImageIO.read(picture.toFile())).isNotNull();
    }

    /** Twice as long as the rows of a pass, so that the prompt is computed in chunks. */
    @Test
    void everyTokenHasItsExpertsWhateverTheChunk() throws Exception {
        Path picture = directory.resolve("use.svg");

        CommandResult result = CommandProcess.run(
                "experts",
                "--json",
                "--model",
                model,
                "--prompt",
                "and the earth ".repeat(100),
                "--max-tokens",
                "3",
                "--out",
                picture.toString());

        assertThat(result.messages()).isEmpty();
        JsonNode use = new ObjectMapper().readTree(result.output());
        int tokens = use.get("prompt_tokens").asInt() + 3;
        assertThat(tokens).isGreaterThan(256);
        assertThat(use.get("tokens")).hasSize(tokens);
        assertThat(use.get("layers")).hasSize(MixtureModel.EXPERT_LAYERS.size());
        for (JsonNode layer : use.get("layers")) {
            assertThat(layer.get("positions").asInt()).isEqualTo(tokens);
            assertThat(sum(layer.get("chosen"))).isEqualTo(tokens * MixtureModel.CHOSEN);
            assertThat(layer.get("routing")).hasSize(tokens).allSatisfy(position -> {
                assertThat(position.get("experts")).hasSize(MixtureModel.CHOSEN);
                assertThat(sum(position.get("weights"))).isCloseTo(1, within(1e-5));
            });
        }
        assertThat(picture).content().containsPattern("<title\\s*>Experts of mixture</title\\s*>");
    }

    @Test
    void aModelWithoutExpertsFailsAndNothingIsWritten() {
        Path picture = directory.resolve("use.svg");

        CommandResult result = CommandProcess.run(
                "experts", "--model", ShippedModel.PATH.toString(), "--prompt", "In", "--out", picture.toString());

        assertThat(result.messages())
                .containsExactly(
                        "tributary: kjv-2-6m has no experts: each of its layers is one network that all tokens go"
                                + " through; choose a mixture of experts");
        assertThat(result.status()).isEqualTo(1);
        assertThat(picture).doesNotExist();
    }

    @Test
    void moreTokensThanTheContextHoldsFail() {
        CommandResult result = CommandProcess.run(
                "experts", "--model", model, "--prompt", "In", "--max-tokens", "400", "--out", picture("use.svg"));

        assertThat(result.messages())
                .containsExactly("tributary: the prompt has 2 tokens and --max-tokens is 400; together they may be 400,"
                        + " the context of the model");
        assertThat(result.status()).isEqualTo(1);
    }

    @Test
    void aNameThatSaysNoFormatIsWrongUsage() {
        CommandResult result =
                CommandProcess.run("experts", "--model", model, "--prompt", "In", "--out", picture("use.pdf"));

        assertThat(result.messages())
                .containsExactly("tributary: --out is " + picture("use.pdf")
                        + "; a picture's name ends with .svg or .png, which says what is written");
        assertThat(result.status()).isEqualTo(2);
    }

    @Test
    void aNegativeNumberOfTokensIsWrongUsage() {
        CommandResult result = CommandProcess.run(
                "experts", "--model", model, "--prompt", "In", "--max-tokens", "-1", "--out", picture("use.svg"));

        assertThat(result.messages()).containsExactly("tributary: --max-tokens is -1; 0 or more are allowed");
        assertThat(result.status()).isEqualTo(2);
    }

    private String picture(String name) {
        return directory.resolve(name).toString();
    }

    private static double sum(JsonNode numbers) {
        return StreamSupport.stream(numbers.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .sum();
    }
}
