package io.tributary.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The documentation lists the configuration that the sources declare. */
class ConfigurationTableTest {
    private static final Path ROOT = Path.of(System.getProperty("tributary.root", ".."));
    private static final Path PAGE = ROOT.resolve("docs/configuration.md");

    @Test
    void thePageListsEveryPropertyWithTypeDefaultAndMeaning() throws IOException {
        String declared = ConfigurationPage.of(ConfigurationSources.read(ROOT));
        if (Boolean.getBoolean("tributary.docs.write")) {
            Files.writeString(PAGE, declared);
        }
        assertThat(PAGE)
                .as("the page of all properties; its first lines say how it is written anew")
                .content()
                .isEqualTo(declared);
    }
}
