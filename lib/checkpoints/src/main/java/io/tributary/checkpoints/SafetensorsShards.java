package io.tributary.checkpoints;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Finds the weights in a Hugging Face directory: one file, the files of an index, or any safetensors there are. */
final class SafetensorsShards {
    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";
    static final String SUFFIX = ".safetensors";
    /** The files that are looked for, in this order, which is that of the transformers library. */
    static final String LOOKED_FOR = SINGLE + ", " + INDEX + " and *" + SUFFIX;

    private static final int MAXIMAL_INDEX_BYTES = 1 << 25;
    private static final int MAXIMAL_SHARDS = 4096;
    /** Printable ASCII without separators of paths. */
    private static final Pattern SHARD_NAME = Pattern.compile("[\\x20-\\x7e&&[^/\\\\]]+\\.safetensors");

    private SafetensorsShards() {}

    /**
     * All tensors of the directory, mapped; none when there are no weights.
     *
     * @throws CheckpointException when a file is missing, breaks the rules, or repeats a tensor of another
     */
    static TensorDirectory read(Path directory, FileMappings mappings) {
        if (Files.exists(directory.resolve(SINGLE))) {
            return readAll(List.of(directory.resolve(SINGLE)), mappings);
        }
        Path index = directory.resolve(INDEX);
        return Files.exists(index) ? readIndexed(index, mappings) : readAll(listed(directory), mappings);
    }

    private static TensorDirectory readAll(Iterable<Path> files, FileMappings mappings) {
        TensorDirectory all = new TensorDirectory();
        for (Path file : files) {
            all.addAll(SafetensorsLayout.read(file, mappings.map(file)).directory());
        }
        return all;
    }

    private static List<Path> listed(Path directory) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path file : stream) {
                files.add(file);
                checkCount(files.size(), directory);
            }
        } catch (IOException cause) {
            throw CheckpointNotFoundException.unreadable(directory, cause);
        }
        Collections.sort(files);
        return files;
    }

    private static TensorDirectory readIndexed(Path index, FileMappings mappings) {
        JsonNode weightMap =
                JsonDocument.read(index, MAXIMAL_INDEX_BYTES).root().path("weight_map");
        if (!weightMap.isObject()) {
            throw new MalformedCheckpointException(
                    index, "must hold the object weight_map, from the names of tensors to the names of files");
        }
        SortedMap<String, TensorDirectory> shards = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : weightMap.properties()) {
            String shard = shardName(index, entry);
            TensorDirectory tensors = shards.get(shard);
            if (tensors == null) {
                checkCount(shards.size() + 1, index);
                tensors = readShard(index, shard, mappings);
                shards.put(shard, tensors);
            }
            if (!tensors.contains(entry.getKey())) {
                throw new MalformedCheckpointException(
                        index, "says that the tensor '" + entry.getKey() + "' is in " + shard + ", but it is not");
            }
        }
        TensorDirectory all = new TensorDirectory();
        shards.values().forEach(all::addAll);
        return all;
    }

    private static TensorDirectory readShard(Path index, String shard, FileMappings mappings) {
        Path file = index.resolveSibling(shard);
        if (!Files.exists(file)) {
            throw new CheckpointNotFoundException(file + " does not exist, but " + index + " names it");
        }
        return readAll(List.of(file), mappings);
    }

    /** A plain name of a file beside the index: a path from a file that may be hostile must not lead elsewhere. */
    private static String shardName(Path index, Map.Entry<String, JsonNode> entry) {
        String shard = entry.getValue().asText();
        boolean plain =
                entry.getValue().isTextual() && SHARD_NAME.matcher(shard).matches();
        if (!plain) {
            throw new MalformedCheckpointException(
                    index,
                    "puts the tensor '" + entry.getKey() + "' into '" + shard + "'; wanted is the plain name of a "
                            + SUFFIX + " file in the same directory");
        }
        return shard;
    }

    private static void checkCount(int files, Path source) {
        if (files > MAXIMAL_SHARDS) {
            throw new MalformedCheckpointException(
                    source, "has more than the " + MAXIMAL_SHARDS + " safetensors files allowed");
        }
    }
}
