package io.tributary.tokenizers.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.tokenizers.template.TemplateCases.Case;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtherEnginesTest {
    private static final long DEADLINE_SECONDS = 60;
    private static final Path SCRIPTS =
            Path.of(Objects.requireNonNull(System.getProperty("tributary.root")), "lib/tokenizers/src/test/templates");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    static List<Case> conversations() {
        return TemplateCases.read("conversations");
    }

    static List<Case> language() {
        return TemplateCases.read("language");
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void conversationsAreRenderedAsByTheNpmPackage(Case conversation) {
        assertSame(conversation);
    }

    @ParameterizedTest
    @MethodSource("language")
    void theLanguageMeansWhatItMeansToJinja2(Case snippet) {
        assertSame(snippet);
    }

    @Test
    void theExpectedResultsAreMostlyTexts() {
        assertThat(conversations().stream().filter(each -> each.expected().has("text")))
                .hasSizeGreaterThan(250);
        assertThat(language().stream().filter(each -> each.expected().has("text")))
                .hasSizeGreaterThan(80);
    }

    @Test
    void theNpmPackageStillRendersConversationsSo() throws IOException, InterruptedException {
        assumeTrue(
                Files.exists(SCRIPTS.resolve("node_modules/@huggingface/jinja")),
                "npm's @huggingface/jinja is not installed in " + SCRIPTS);
        JsonNode results = run("node", "render.mjs", "conversations", "--print");
        TemplateCases.read("conversations", results).forEach(OtherEnginesTest::assertSame);
    }

    @ParameterizedTest
    @ValueSource(strings = {"conversations", "language"})
    void jinja2StillRendersThemSo(String name) throws IOException, InterruptedException {
        assumeTrue(hasJinja2(), "python3 with jinja2 is not installed");
        JsonNode results = run("python3", "render.py", name, "--print");
        TemplateCases.read(name, results).forEach(OtherEnginesTest::assertSame);
    }

    /** Where the other engine fails, so must ours; the messages are its own, except those that the template raises. */
    private static void assertSame(Case each) {
        JsonNode expected = each.expected();
        if (expected.has("text")) {
            assertThat(each.render().text())
                    .as(each.name())
                    .isEqualTo(expected.get("text").textValue());
            return;
        }
        assertThatThrownBy(each::render)
                .as(each.name())
                .isInstanceOfSatisfying(ChatTemplateException.class, failure -> {
                    if (failure.reason() == ChatTemplateException.Reason.RAISED) {
                        assertThat(failure.problem())
                                .isEqualTo(expected.get("error").textValue());
                    }
                });
    }

    private boolean hasJinja2() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("python3", "-c", "import jinja2")
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("ignored").toFile())
                    .start();
            return process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noPython) {
            return false;
        }
    }

    private JsonNode run(String... command) throws IOException, InterruptedException {
        Path output = directory.resolve("output.json");
        Path errors = directory.resolve("errors.txt");
        Process process = new ProcessBuilder(command)
                .directory(SCRIPTS.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
        return TemplateCases.json(Files.readString(output, StandardCharsets.UTF_8));
    }
}
