package io.tributary.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;

/** A small trained model that others made, in the folder that the environment variable TRIBUTARY_DATA names. */
record Stories(Path folder) {
    /** Skips the test, saying so, when the folder is not given. */
    static Stories required() {
        String data = System.getenv("TRIBUTARY_DATA");
        assumeTrue(data != null, "TRIBUTARY_DATA is unset: set it to the folder that holds stories260K");
        return new Stories(Path.of(data, "stories260K"));
    }

    Path model() {
        return folder.resolve("stories260K-f32.gguf");
    }

    /** 200 greedy steps from the beginning of a text. */
    Path greedyText() {
        return folder.resolve("greedy200.txt");
    }
}
