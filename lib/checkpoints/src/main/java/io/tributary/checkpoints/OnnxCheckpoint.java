package io.tributary.checkpoints;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The weights of an ONNX file, and its graph to derive the architecture from; it is not executed. Weights have the names of the
 * PyTorch model that the file was exported from: initialisers that kept theirs, and under {@code <module>.weight} those that an
 * exporter renamed, by the {@code MatMul} of the module that uses them. A MatMul multiplies with [inputs, outputs]; such a weight
 * is transposed, in memory of its own, whenever it is asked for.
 */
public final class OnnxCheckpoint implements Checkpoint {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** How names of such files end. */
    static final String SUFFIX = ".onnx";

    /** Elements of a matrix that is transposed on the heap. */
    private static final long MAXIMAL_TRANSPOSED = 1 << 29;

    private final Path path;
    private final FileMappings mappings;
    private final OnnxGraph graph;
    private final TensorDirectory tensors = new TensorDirectory();
    /** Names of initialisers that are a module's weight, transposed. */
    private final Map<String, String> transposed = new HashMap<>();

    private @Nullable String fingerprint;

    private OnnxCheckpoint(Path path, FileMappings mappings) {
        this.path = path;
        this.mappings = mappings;
        graph = OnnxGraph.read(new OnnxCursor(path, mappings.map(path)));
        graph.initializers().values().forEach(this::declare);
        for (OnnxNode node : graph.nodes()) {
            String weight = node.module() + ".weight";
            boolean renamed = node.operator().equals("MatMul")
                    && node.inputs().size() == 2
                    && isMatrix(node.inputs().getLast())
                    && !node.module().isEmpty()
                    && !tensors.contains(weight);
            if (renamed) {
                transposed.putIfAbsent(weight, node.inputs().getLast());
            }
        }
    }

    /**
     * Maps the file and reads its graph.
     *
     * @throws CheckpointNotFoundException when the file cannot be read
     * @throws MalformedCheckpointException when it breaks the rules of the format, or keeps its weights in other files
     */
    public static OnnxCheckpoint open(Path path) {
        FileMappings mappings = new FileMappings();
        try {
            return new OnnxCheckpoint(path, mappings);
        } catch (RuntimeException failure) {
            mappings.close();
            throw failure;
        }
    }

    private boolean isMatrix(String initializer) {
        @Nullable OnnxTensor tensor = graph.initializers().get(initializer);
        return tensor != null
                && tensor.type() == OnnxTensor.FLOAT
                && tensor.shape().size() == 2
                && TensorShape.elements(tensor.shape()) <= MAXIMAL_TRANSPOSED;
    }

    private void declare(OnnxTensor tensor) {
        @Nullable TensorType type = tensor.tensorType();
        if (type == null) {
            tensors.add(new TensorDirectory.UnknownTensor(
                    path, tensor.name(), "ONNX type " + tensor.type(), tensor.shape(), tensor.offset()));
            return;
        }
        try {
            StoredTensor stored = new StoredTensor(tensor.name(), type, tensor.shape(), tensor.data());
            tensors.add(new TensorDirectory.KnownTensor(path, tensor.offset(), stored));
        } catch (IllegalArgumentException contradiction) {
            throw new MalformedCheckpointException(path, String.valueOf(contradiction.getMessage()));
        }
    }

    /** The operations, in the order of the file. */
    public List<OnnxNode> nodes() {
        return List.copyOf(graph.nodes());
    }

    /** The one integer that a constant is; empty if the value is something else. */
    public OptionalLong integer(String value) {
        return graph.integer(value);
    }

    /** The one float that a constant is; empty if the value is something else. */
    public OptionalDouble real(String value) {
        return graph.real(value);
    }

    @Override
    public Optional<StoredTensor> tensor(String name) {
        @Nullable String initializer = transposed.get(name);
        return initializer == null
                ? tensors.find(name)
                : Optional.of(transpose(name, tensors.require(initializer, path)));
    }

    @Override
    public StoredTensor require(String name) {
        return transposed.containsKey(name) ? tensor(name).orElseThrow() : tensors.require(name, path);
    }

    private static StoredTensor transpose(String name, StoredTensor stored) {
        int inputs = Math.toIntExact(stored.shape().getFirst());
        int outputs = Math.toIntExact(stored.shape().getLast());
        MemorySegment source = stored.data();
        float[] values = new float[Math.multiplyExact(inputs, outputs)];
        for (int input = 0; input < inputs; input++) {
            for (int output = 0; output < outputs; output++) {
                long element = (long) input * outputs + output;
                values[output * inputs + input] = source.get(FLOAT, element * Float.BYTES);
            }
        }
        return StoredTensor.ofFloats(name, List.of((long) outputs, (long) inputs), values);
    }

    @Override
    public Collection<String> tensorNames() {
        Collection<String> names = new TreeSet<>(tensors.names());
        names.addAll(transposed.keySet());
        return names;
    }

    @Override
    public synchronized String fingerprint() {
        if (fingerprint == null) {
            byte[] nodes = graph.nodes().toString().getBytes(StandardCharsets.UTF_8);
            fingerprint = Fingerprint.of(ByteBuffer.wrap(nodes), tensors);
        }
        return fingerprint;
    }

    @Override
    public WeightFiles weightFiles() {
        return mappings.files();
    }

    @Override
    public String name() {
        return CheckpointName.of(path);
    }

    @Override
    public void close() {
        mappings.close();
    }
}
