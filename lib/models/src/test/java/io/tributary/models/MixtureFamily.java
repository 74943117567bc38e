package io.tributary.models;

import io.tributary.models.architecture.Gating;
import io.tributary.models.experts.NaiveGating;
import java.nio.file.Path;
import java.util.Locale;

/** The families of models with experts, each with what only it has. */
enum MixtureFamily {
    MIXTRAL("MixtralForCausalLM", "llama") {
        @Override
        TestShape shape() {
            return ONLY_EXPERTS.withMixture(TestMixture.plain(8, 2, 32).withMixtralNames());
        }

        @Override
        String fields() {
            return "\"num_local_experts\": 8, \"rope_theta\": 10000,";
        }
    },
    QWEN2_MOE("Qwen2MoeForCausalLM", "qwen2moe") {
        @Override
        TestShape shape() {
            return BASE.withBiases(true, false, false)
                    .withMixture(TestMixture.plain(10, 3, 32).withShared(64).withDenseLayers(1));
        }

        @Override
        String fields() {
            return "\"mlp_only_layers\": [1], \"shared_expert_intermediate_size\": 64,";
        }
    },
    QWEN3_MOE("Qwen3MoeForCausalLM", "qwen3moe") {
        @Override
        TestShape shape() {
            return BASE.withMixture(
                    TestMixture.plain(16, 4, 32).withQueryKeyNorm("head").withDenseLayers(0, 2));
        }

        @Override
        String fields() {
            return "\"norm_topk_prob\": true, \"decoder_sparse_step\": 2,";
        }
    },
    OLMOE("OlmoeForCausalLM", "olmoe") {
        @Override
        TestShape shape() {
            return ONLY_EXPERTS.withMixture(TestMixture.plain(12, 5, 32).withQueryKeyNorm("width"));
        }

        @Override
        String fields() {
            return "";
        }
    };

    static final double EPSILON = 1e-5;
    static final double BASE_FREQUENCY = 10_000;
    private static final TestShape BASE = TestShape.plain(64, 4, 2, 16, 96);
    /** Such a model states the hidden size of its experts as that of all networks. */
    private static final TestShape ONLY_EXPERTS = TestShape.plain(64, 4, 2, 16, 32);

    private final String className;
    private final String ggufName;

    MixtureFamily(String className, String ggufName) {
        this.className = className;
        this.ggufName = ggufName;
    }

    String ggufName() {
        return ggufName;
    }

    NaiveGating gating() {
        boolean renormalized = this == MIXTRAL || this == QWEN3_MOE;
        return new NaiveGating(
                new Gating.SoftmaxThenTopK(shape().mixture().orElseThrow().chosen(), renormalized));
    }

    TestWeights weights(long seed) {
        return TestWeights.random(shape(), seed);
    }

    /** Writes a Hugging Face directory of its own. */
    Path write(TestWeights weights, Path directory) {
        TestMixture mixture = weights.shape().mixture().orElseThrow();
        String configuration = "{" + weights.shape().json()
                + """
                "num_experts": %d, "moe_intermediate_size": %d, "num_experts_per_tok": %d,
                "max_position_embeddings": 256, "rms_norm_eps": %s,
                """.formatted(mixture.experts(), mixture.hidden(), mixture.chosen(), EPSILON)
                + fields() + "\"architectures\": [\"" + className + "\"]}";
        return weights.writeHuggingFace(directory.resolve(name().toLowerCase(Locale.ROOT)), configuration);
    }

    abstract TestShape shape();

    abstract String fields();
}
