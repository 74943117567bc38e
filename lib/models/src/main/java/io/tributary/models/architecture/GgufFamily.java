package io.tributary.models.architecture;

import io.tributary.kernels.RopePairing;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The families of models, by {@code general.architecture}. */
enum GgufFamily {
    LLAMA("llama", RopePairing.INTERLEAVED),
    QWEN2("qwen2", RopePairing.HALF_SPLIT),
    QWEN2_MOE("qwen2moe", RopePairing.HALF_SPLIT),
    QWEN3_MOE("qwen3moe", RopePairing.HALF_SPLIT),
    OLMOE("olmoe", RopePairing.HALF_SPLIT);

    private final String architecture;
    private final RopePairing pairing;

    GgufFamily(String architecture, RopePairing pairing) {
        this.architecture = architecture;
        this.pairing = pairing;
    }

    static GgufFamily named(String architecture) {
        for (GgufFamily family : values()) {
            if (family.architecture.equals(architecture)) {
                return family;
            }
        }
        String all = Arrays.stream(values()).map(family -> family.architecture).collect(Collectors.joining(", "));
        throw new UnsupportedArchitectureException("the GGUF architecture " + architecture, all);
    }

    RopePairing pairing() {
        return pairing;
    }

    QueryKeyNormalization queryKeyNormalization(float epsilon) {
        return switch (this) {
            case LLAMA, QWEN2, QWEN2_MOE -> new QueryKeyNormalization.None();
            case QWEN3_MOE -> new QueryKeyNormalization.EachHead(new RmsNormalization(epsilon));
            case OLMOE -> new QueryKeyNormalization.WholeWidth(new RmsNormalization(epsilon));
        };
    }
}
