package io.tributary.checkpoints;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How the elements of a stored tensor are laid out: blocks of {@link #blockElements()} consecutive elements of a row
 * take {@link #blockBytes()} bytes each. Plain types have blocks of one element.
 *
 * <p>The ids and block sizes are those of ggml (ggml.h, ggml-common.h); the plain types carry the same names as the
 * dtypes of safetensors.
 */
public enum TensorType {
    F32(1, 4, 0, true),
    F16(1, 2, 1, true),
    BF16(1, 2, 30, true),
    F64(1, 8, 28, true),
    I8(1, 1, 24, true),
    I16(1, 2, 25, true),
    I32(1, 4, 26, true),
    I64(1, 8, 27, true),
    U8(1, 1, -1, true),
    U16(1, 2, -1, true),
    U32(1, 4, -1, true),
    U64(1, 8, -1, true),
    BOOL(1, 1, -1, true),
    F8_E4M3(1, 1, -1, true),
    F8_E5M2(1, 1, -1, true),
    F8_E8M0(1, 1, -1, true),
    C64(1, 8, -1, true),
    Q4_0(32, 18, 2, false),
    Q4_1(32, 20, 3, false),
    Q5_0(32, 22, 6, false),
    Q5_1(32, 24, 7, false),
    Q8_0(32, 34, 8, false),
    Q8_1(32, 36, 9, false),
    Q2_K(256, 84, 10, false),
    Q3_K(256, 110, 11, false),
    Q4_K(256, 144, 12, false),
    Q5_K(256, 176, 13, false),
    Q6_K(256, 210, 14, false),
    Q8_K(256, 292, 15, false),
    IQ2_XXS(256, 66, 16, false),
    IQ2_XS(256, 74, 17, false),
    IQ3_XXS(256, 98, 18, false),
    IQ1_S(256, 50, 19, false),
    IQ4_NL(32, 18, 20, false),
    IQ3_S(256, 110, 21, false),
    IQ2_S(256, 82, 22, false),
    IQ4_XS(256, 136, 23, false),
    IQ1_M(256, 56, 29, false),
    TQ1_0(256, 54, 34, false),
    TQ2_0(256, 66, 35, false),
    MXFP4(32, 17, 39, false);

    private static final int NO_GGML_ID = -1;

    private static final Map<String, TensorType> BY_DTYPE = Arrays.stream(values())
            .filter(type -> type.safetensors)
            .collect(Collectors.toUnmodifiableMap(TensorType::name, Function.identity()));

    private static final Map<Long, TensorType> BY_GGML_ID = Arrays.stream(values())
            .filter(type -> type.ggmlId != NO_GGML_ID)
            .collect(Collectors.toUnmodifiableMap(type -> (long) type.ggmlId, Function.identity()));

    private final int blockElements;
    private final int blockBytes;
    private final int ggmlId;
    private final boolean safetensors;

    TensorType(int blockElements, int blockBytes, int ggmlId, boolean safetensors) {
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
        this.ggmlId = ggmlId;
        this.safetensors = safetensors;
    }

    /** Consecutive elements of a row that are stored together; 1 for the plain types. */
    public int blockElements() {
        return blockElements;
    }

    /** Bytes of one block. */
    public int blockBytes() {
        return blockBytes;
    }

    /** The number of this type in GGUF files; empty when only safetensors has it. */
    public OptionalInt ggmlId() {
        return ggmlId == NO_GGML_ID ? OptionalInt.empty() : OptionalInt.of(ggmlId);
    }

    /** Whether safetensors has this type, as the dtype of the same name. */
    public boolean inSafetensors() {
        return safetensors;
    }

    /** The types that GGUF has, for messages. */
    static String ggmlTypes() {
        return Arrays.stream(values())
                .filter(type -> type.ggmlId != NO_GGML_ID)
                .map(TensorType::name)
                .collect(Collectors.joining(", "));
    }

    /** The type of that number in a GGUF file; empty when it is unknown. */
    public static Optional<TensorType> ofGgmlId(long id) {
        return Optional.ofNullable(BY_GGML_ID.get(id));
    }

    /** The types that safetensors has, for messages. */
    static String safetensorsDtypes() {
        return Arrays.stream(values())
                .filter(TensorType::inSafetensors)
                .map(TensorType::name)
                .collect(Collectors.joining(", "));
    }

    /** The type of that dtype in a safetensors header; empty when it is unknown. */
    public static Optional<TensorType> ofSafetensorsDtype(String dtype) {
        return Optional.ofNullable(BY_DTYPE.get(dtype));
    }
}
