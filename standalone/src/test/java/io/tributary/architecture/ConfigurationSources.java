package io.tributary.architecture;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The interfaces annotated with `@ConfigMapping`, read from their sources: a class file has no Javadoc. */
final class ConfigurationSources {
    private static final String ANNOTATION = "@ConfigMapping(";

    private ConfigurationSources() {}

    /**
     * The configuration of all modules, by prefix.
     *
     * @param root directory of the repository
     * @throws IllegalStateException if a source has a form that the table cannot show
     */
    static List<ConfigurationSection> read(Path root) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            var sources = files.getJavaFileObjectsFromPaths(mappings(root));
            var task = (JavacTask) compiler.getTask(null, files, null, List.of("-proc:none"), null, sources);
            DocTrees documentation = DocTrees.instance(task);
            List<ConfigurationSection> sections = new ArrayList<>();
            for (CompilationUnitTree unit : task.parse()) {
                for (Tree type : unit.getTypeDecls()) {
                    sections.add(new ConfigurationInterface(documentation, unit, (ClassTree) type).section());
                }
            }
            sections.sort(Comparator.comparing(ConfigurationSection::prefix)
                    .thenComparing(ConfigurationSection::description));
            return List.copyOf(sections);
        }
    }

    private static List<Path> mappings(Path root) throws IOException {
        List<Path> mappings = new ArrayList<>();
        for (Path folder : sourceFolders(root)) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(ConfigurationSources::isMapping).forEach(mappings::add);
            }
        }
        if (mappings.isEmpty()) {
            throw new IllegalStateException("no source below " + root + " contains " + ANNOTATION
                    + "; is the system property tributary.root the directory of the repository?");
        }
        return mappings;
    }

    private static List<Path> sourceFolders(Path root) throws IOException {
        try (Stream<Path> services = Files.list(root);
                Stream<Path> libraries = Files.list(root.resolve("lib"))) {
            return Stream.concat(services, libraries)
                    .map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .toList();
        }
    }

    private static boolean isMapping(Path file) {
        try {
            return file.toString().endsWith(".java") && Files.readString(file).contains(ANNOTATION);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
