package io.tributary.models.weights;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.InvalidWeightsException;
import io.tributary.kernels.PackedWeights;
import io.tributary.kernels.WeightRows;
import io.tributary.kernels.WeightType;
import io.tributary.models.packing.StagePacking;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/** Takes tensors from a checkpoint by role, checks their shapes and types, and brings them into the kernels' layout. */
public final class WeightLoader {
    private static final String WEIGHT = ".weight";
    private static final String BIAS = ".bias";

    private final Checkpoint checkpoint;
    private final TensorNaming naming;
    private final Arena arena;
    private final StagePacking packing;
    private long loadedBytes;

    /**
     * @param arena gives the memory that loaded weights stay in
     * @param packing gives packed matrices from the cache, or packs them
     */
    public WeightLoader(Checkpoint checkpoint, Arena arena, StagePacking packing) {
        this.checkpoint = checkpoint;
        this.naming = TensorNaming.of(checkpoint);
        this.arena = arena;
        this.packing = packing;
    }

    /** Bytes of memory that all weights loaded so far take, without those that stay in the model's mapped file. */
    public long loadedBytes() {
        return loadedBytes;
    }

    /** The token embedding [vocabulary, width], left in the file. */
    public EmbeddingTable embedding(int vocabulary, int width) {
        StoredTensor tensor = require(naming.weight(TensorRole.EMBEDDING), vocabulary, width);
        return new EmbeddingTable(weightType(tensor), tensor.data(), width);
    }

    /** The unembedding [vocabulary, width], or the embedding packed as one if they are tied. */
    public Projection unembedding(boolean tied, int vocabulary, int width) {
        String name = naming.weight(tied ? TensorRole.EMBEDDING : TensorRole.UNEMBEDDING);
        return new Projection(matrix(name, vocabulary, width), null);
    }

    /** The weight of the final norm, without a bias. */
    public NormWeights finalNorm(int width) {
        return new NormWeights(vector(naming.weight(TensorRole.FINAL_NORM), width), null);
    }

    /** The weight of a layer's norm, without a bias. */
    public NormWeights norm(TensorRole role, int layer, int width) {
        return new NormWeights(vector(naming.weight(role, layer), width), null);
    }

    /** The weight and the bias of a module that normalises. */
    public NormWeights norm(String module, int width) {
        return new NormWeights(vector(module + WEIGHT, width), vector(module + BIAS, width));
    }

    /** The projection [outputs, inputs] of a module, with its bias if it has one. */
    public Projection projection(String module, int outputs, int inputs, boolean bias) {
        return new Projection(matrix(module + WEIGHT, outputs, inputs), bias ? vector(module + BIAS, outputs) : null);
    }

    /** The table [rows, width] of a module that looks rows up, left in the file. */
    public EmbeddingTable table(String module, int rows, int width) {
        StoredTensor tensor = require(module + WEIGHT, rows, width);
        return new EmbeddingTable(weightType(tensor), tensor.data(), width);
    }

    /** A layer's projection [outputs, inputs], with its bias [outputs] if it has one. */
    public Projection projection(TensorRole role, int layer, int outputs, int inputs, boolean bias) {
        PackedWeights weights = matrix(naming.weight(role, layer), outputs, inputs);
        return new Projection(weights, bias ? vector(naming.bias(role, layer), outputs) : null);
    }

    /** What is added to a layer's gate scores for the choice of experts, float32 [experts]. */
    public MemorySegment gatingCorrection(int layer, int experts) {
        return vector(naming.gatingCorrection(layer), experts);
    }

    /** The logit of the factor of a layer's shared expert [1, width]; some files hold it as a vector. */
    public Projection sharedExpertGating(int layer, int width) {
        String name = naming.weight(TensorRole.SHARED_EXPERT_GATING, layer);
        boolean vector = checkpoint.require(name).shape().size() == 1;
        StoredTensor tensor = vector ? require(name, width) : require(name, 1, width);
        return new Projection(pack(name, weightType(tensor), tensor.data(), 1, width), null);
    }

    /**
     * The projection [outputs, inputs] of one expert, without bias.
     *
     * @param role GATE, UP or DOWN
     * @param experts of the layer
     */
    public Projection expertProjection(TensorRole role, int layer, int expert, int experts, int outputs, int inputs) {
        String name = naming.expertWeight(role, layer, expert);
        if (!naming.stacksExperts()) {
            return new Projection(matrix(name, outputs, inputs), null);
        }
        StoredTensor stack = require(name, experts, outputs, inputs);
        long bytes = stack.data().byteSize() / experts;
        MemorySegment slice = stack.data().asSlice(expert * bytes, bytes);
        return new Projection(pack(name + "[" + expert + "]", weightType(stack), slice, outputs, inputs), null);
    }

    /**
     * One of several projections [outputs, inputs] that lie below each other in one matrix and one bias.
     *
     * @param module whose weight is called {@code <module>weight}, without a dot
     */
    public Projection projectionOf(String module, int part, int parts, int outputs, int inputs, boolean bias) {
        StoredTensor whole = require(module + "weight", (long) parts * outputs, inputs);
        long bytes = whole.data().byteSize() / parts;
        MemorySegment slice = whole.data().asSlice(part * bytes, bytes);
        PackedWeights weights = pack(whole.name() + "[" + part + "]", weightType(whole), slice, outputs, inputs);
        long biasBytes = (long) outputs * Float.BYTES;
        return new Projection(
                weights, bias ? vector(module + "bias", parts * outputs).asSlice(part * biasBytes, biasBytes) : null);
    }

    /** A projection [outputs, inputs] that is stored the other way round, [inputs, outputs]. */
    public Projection transposedProjection(String name, int outputs, int inputs) {
        MemorySegment stored = floats(name, inputs, outputs);
        FloatMatrix turned = FloatMatrix.allocate(arena, outputs, inputs);
        for (int input = 0; input < inputs; input++) {
            for (int output = 0; output < outputs; output++) {
                turned.set(output, input, stored.getAtIndex(ValueLayout.JAVA_FLOAT, (long) input * outputs + output));
            }
        }
        return new Projection(pack(name, WeightType.F32, turned.data(), outputs, inputs), null);
    }

    /** The kernel of a convolution [outputs, channels, side, side] as a matrix [outputs, channels * side * side]. */
    public PackedWeights kernel(String name, int outputs, int channels, int side) {
        StoredTensor tensor = require(name, outputs, channels, side, side);
        return pack(name, weightType(tensor), tensor.data(), outputs, channels * side * side);
    }

    private PackedWeights matrix(String name, int outputs, int inputs) {
        StoredTensor tensor = require(name, outputs, inputs);
        return pack(name, weightType(tensor), tensor.data(), outputs, inputs);
    }

    private PackedWeights pack(String name, WeightType type, MemorySegment rowMajor, int outputs, int inputs) {
        try {
            PackedWeights packed = packing.packed(name, type, rowMajor, outputs, inputs, arena);
            loadedBytes += packed.byteSize();
            return packed;
        } catch (InvalidWeightsException cause) {
            throw new NonFiniteWeightException(name, String.valueOf(cause.getMessage()), cause);
        }
    }

    /** Whether the checkpoint has a tensor. */
    public boolean has(String name) {
        return checkpoint.tensor(name).isPresent();
    }

    /** A tensor of any shape as float32 in row-major order; all numbers are finite. */
    public MemorySegment floats(String name, long... shape) {
        MemorySegment values = floats(require(name, shape), arena);
        loadedBytes += values.byteSize();
        return values;
    }

    /**
     * A tensor of two extents as a float32 matrix.
     *
     * @throws WeightException if it has another shape or type, or a number that is not finite
     */
    public static FloatMatrix matrix(StoredTensor tensor, Arena arena) {
        List<Long> shape = tensor.shape();
        if (shape.size() != 2 || tensor.elements() == 0) {
            throw new TensorShapeException(tensor, List.of(1L, Math.max(1, tensor.elements())));
        }
        return new FloatMatrix(
                floats(tensor, arena), Math.toIntExact(shape.getFirst()), Math.toIntExact(shape.getLast()));
    }

    private static MemorySegment floats(StoredTensor tensor, Arena arena) {
        int length = Math.toIntExact(tensor.elements());
        MemorySegment values = arena.allocate((long) length * Float.BYTES, FloatMatrix.ALIGNMENT);
        WeightRows.dequantize(weightType(tensor), tensor.data(), 0, length, values);
        for (int index = 0; index < length; index++) {
            float value = values.getAtIndex(ValueLayout.JAVA_FLOAT, index);
            if (!Float.isFinite(value)) {
                throw new NonFiniteWeightException(
                        tensor.name(), "element " + index + " is " + value + "; all weights must be finite", null);
            }
        }
        return values;
    }

    private MemorySegment vector(String name, int length) {
        return floats(name, length);
    }

    private StoredTensor require(String name, long... shape) {
        StoredTensor tensor = checkpoint.require(name);
        List<Long> expected = Arrays.stream(shape).boxed().toList();
        if (!tensor.shape().equals(expected)) {
            throw new TensorShapeException(tensor, expected);
        }
        return tensor;
    }

    private static WeightType weightType(StoredTensor tensor) {
        return switch (tensor.type()) {
            case F32 -> WeightType.F32;
            case F16 -> WeightType.F16;
            case BF16 -> WeightType.BF16;
            case Q8_0 -> WeightType.Q8_0;
            case Q4_0 -> WeightType.Q4_0;
            case Q4_1 -> WeightType.Q4_1;
            case Q5_0 -> WeightType.Q5_0;
            case Q5_1 -> WeightType.Q5_1;
            case Q4_K -> WeightType.Q4_K;
            case Q5_K -> WeightType.Q5_K;
            case Q6_K -> WeightType.Q6_K;
            default -> throw new UnsupportedWeightTypeException(tensor);
        };
    }
}
