package io.tributary.cli;

import java.nio.file.Path;

/** Where the installation is, as the launcher says. */
public final class ProjectRoot {
    private ProjectRoot() {}

    /** The directory of the launcher script. */
    public static Path path() {
        String root = System.getProperty("tributary.root");
        if (root == null) {
            throw new CommandFailedException(
                    "start the program with the script `tributary`: it says where it is installed"
                            + " (system property tributary.root)");
        }
        return Path.of(root);
    }
}
