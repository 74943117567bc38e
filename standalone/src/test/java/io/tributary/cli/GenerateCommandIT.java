package io.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.mesh.ShippedModel;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** `tributary generate` with a model in its own JVM. */
class GenerateCommandIT {
    private static final ShippedModel EXPECTED = ShippedModel.expected();

    @Test
    void standardOutputIsTheContinuationAloneAndTheFiguresAreAMessage() {
        CommandResult result = CommandProcess.run(
                "generate", "--max-tokens", String.valueOf(EXPECTED.greedyIds().size()), EXPECTED.prompt());

        assertThat(result.messages()).singleElement().asString().matches(figures(5, 60));
        assertThat(result.output()).isEqualTo(EXPECTED.greedyText() + "\n");
        assertThat(result.status()).isZero();
    }

    @Test
    void aModelThatOthersTrainedWritesItsPublishedText() throws IOException {
        Stories stories = Stories.required();
        CommandResult result = CommandProcess.run(
                "generate", "--model", stories.model().toString(), "--temperature", "0", "--max-tokens", "200", "");

        assertThat(result.output()).isEqualTo(Files.readString(stories.greedyText()) + "\n");
        assertThat(result.messages()).singleElement().asString().matches(figures(1, 200));
        assertThat(result.status()).isZero();
    }

    @Test
    void aValueOutOfRangeIsWrongUsageThatNamesTheOption() {
        CommandResult result = CommandProcess.run("generate", "--top-p", "2", "x");

        assertThat(result.messages()).containsExactly("tributary: --top-p is 2.0 but must be above 0, up to 1");
        assertThat(result.output()).isEmpty();
        assertThat(result.status()).isEqualTo(2);
    }

    @Test
    void theTextHasTheFormThatWasAskedFor() {
        CommandResult result = CommandProcess.run(
                "generate", "--regex", "(Saul|David) [0-9]{3}", "--max-tokens", "20", EXPECTED.prompt());

        assertThat(result.output()).matches("(Saul|David) [0-9]{3}\n");
        assertThat(result.status()).isZero();
    }

    @Test
    void aPatternThatIsNoneIsWrongUsageThatNamesTheOption() {
        CommandResult result = CommandProcess.run("generate", "--regex", "(", EXPECTED.prompt());

        assertThat(result.messages()).singleElement().asString().startsWith("tributary: --regex ");
        assertThat(result.output()).isEmpty();
        assertThat(result.status()).isEqualTo(2);
    }

    @Test
    void twoFormsExcludeEachOther() {
        CommandResult result = CommandProcess.run("generate", "--regex", "a", "--grammar", "file", "x");

        assertThat(result.messages()).first().asString().contains("--regex").contains("--grammar");
        assertThat(result.status()).isEqualTo(2);
    }

    @Test
    void expertsAreToldOfInJsonAndByAModelThatHasSome() {
        CommandResult text = CommandProcess.run("generate", "--routing", "x");
        CommandResult dense = CommandProcess.run("generate", "--json", "--routing", "x");

        assertThat(text.messages())
                .containsExactly("tributary: --routing needs --json: plain text has no place for it");
        assertThat(dense.messages())
                .singleElement()
                .asString()
                .matches("tributary: --routing is set, but .* has no experts.*");
        assertThat(text.status()).isEqualTo(2);
        assertThat(dense.status()).isEqualTo(2);
    }

    private static String figures(int promptTokens, int newTokens) {
        return promptTokens + " prompt tokens, " + newTokens
                + " new tokens, first token after [0-9]+\\.[0-9]{3} s, [0-9]+\\.[0-9] tokens/s";
    }
}
