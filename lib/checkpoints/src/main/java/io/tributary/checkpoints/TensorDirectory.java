package io.tributary.checkpoints;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What tensors a checkpoint holds, by name. */
final class TensorDirectory {
    /** The most tensors that one file may declare: ten times what the largest published mixtures have. */
    static final int MAXIMAL_TENSORS = 1 << 18;

    private static final int NAMES_IN_A_MESSAGE = 3;

    private final SortedMap<String, Entry> entries = new TreeMap<>();

    /** One line of the directory. */
    sealed interface Entry {
        Path file();

        String name();

        String typeName();

        List<Long> shape();

        /** The distance in bytes from the start of the data of the file. */
        long offset();
    }

    /** A tensor whose bytes are at hand. */
    record KnownTensor(Path file, long offset, StoredTensor tensor) implements Entry {
        @Override
        public String name() {
            return tensor.name();
        }

        @Override
        public String typeName() {
            return tensor.type().name();
        }

        @Override
        public List<Long> shape() {
            return tensor.shape();
        }
    }

    /** A tensor whose type is unknown, and so its size. */
    record UnknownTensor(Path file, String name, String typeName, List<Long> shape, long offset) implements Entry {}

    /** @throws MalformedCheckpointException when the name is taken */
    void add(Entry entry) {
        Entry taken = entries.putIfAbsent(entry.name(), entry);
        if (taken != null) {
            String where = taken.file().equals(entry.file()) ? "twice" : "in " + taken.file() + " too";
            throw new MalformedCheckpointException(
                    entry.file(), "the tensor '" + entry.name() + "' is declared " + where);
        }
    }

    void addAll(TensorDirectory other) {
        other.entries.values().forEach(this::add);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    boolean contains(String name) {
        return entries.containsKey(name);
    }

    /** All lines in the order of their names. */
    Collection<Entry> entries() {
        return Collections.unmodifiableCollection(entries.values());
    }

    Collection<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    Optional<StoredTensor> find(String name) {
        @Nullable Entry entry = entries.get(name);
        return switch (entry) {
            case null -> Optional.empty();
            case KnownTensor known -> Optional.of(known.tensor());
            case UnknownTensor unknown ->
                throw new UnsupportedTensorTypeException(
                        unknown.file(), name, unknown.typeName(), TensorType.ggmlTypes());
        };
    }

    StoredTensor require(String name, Path source) {
        return find(name).orElseThrow(() -> new MissingTensorException(source, name, nearest(name)));
    }

    private String nearest(String name) {
        if (entries.isEmpty()) {
            return "there are no tensors";
        }
        String names = entries.keySet().stream()
                .sorted(Comparator.comparingInt((String candidate) -> sharedParts(name, candidate))
                        .thenComparingInt(candidate -> sharedCharacters(name, candidate))
                        .reversed())
                .limit(NAMES_IN_A_MESSAGE)
                .map(candidate -> "'" + candidate + "'")
                .collect(Collectors.joining(", "));
        return "nearest among the " + entries.size() + " that are there: " + names;
    }

    /** Counts the parts between dots that are equal in the same place, less those that one name has more. */
    private static int sharedParts(String wanted, String candidate) {
        String[] left = wanted.split("\\.", -1);
        String[] right = candidate.split("\\.", -1);
        int shared = -Math.abs(left.length - right.length);
        for (int part = 0; part < Math.min(left.length, right.length); part++) {
            if (left[part].equals(right[part])) {
                shared++;
            }
        }
        return shared;
    }

    /** Counts the characters that are equal at the start and at the end: cheap however long hostile names are. */
    private static int sharedCharacters(String wanted, String candidate) {
        int shorter = Math.min(wanted.length(), candidate.length());
        int start = 0;
        while (start < shorter && wanted.charAt(start) == candidate.charAt(start)) {
            start++;
        }
        int end = 0;
        while (end < shorter - start
                && wanted.charAt(wanted.length() - 1 - end) == candidate.charAt(candidate.length() - 1 - end)) {
            end++;
        }
        return start + end;
    }
}
