package io.tributary.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tributary.checkpoints.Checkpoint;
import io.tributary.checkpoints.GgufWriter;
import io.tributary.checkpoints.MalformedCheckpointException;
import io.tributary.checkpoints.StoredTensor;
import io.tributary.kernels.RopePairing;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufExpertsTest {
    @TempDir
    Path directory;

    private final Map<String, Long> integers = new LinkedHashMap<>();

    GgufExpertsTest() {
        integers.put("context_length", 512L);
        integers.put("embedding_length", 24L);
        integers.put("block_count", 3L);
        integers.put("feed_forward_length", 60L);
        integers.put("attention.head_count", 4L);
        integers.put("expert_count", 16L);
        integers.put("expert_used_count", 4L);
    }

    private Architecture read(String name, UnaryOperator<GgufWriter> more) {
        GgufWriter writer = new GgufWriter().string("general.architecture", name);
        integers.forEach((key, value) -> writer.integer(name + "." + key, value));
        writer.real(name + ".attention.layer_norm_rms_epsilon", 1e-5f);
        writer.tensor(StoredTensor.ofFloats("token_embd.weight", List.of(10L, 24L), new float[240]));
        Path file = directory.resolve("model.gguf");
        more.apply(writer).write(file);
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            return ArchitectureReader.read(checkpoint);
        }
    }

    private Architecture read(String name) {
        return read(name, UnaryOperator.identity());
    }

    private static MixtureOfExperts mixture(Architecture architecture) {
        return (MixtureOfExperts) architecture.layers().getFirst().channelMixing();
    }

    private static MixtureOfExperts plain(int hidden, boolean renormalized) {
        return new MixtureOfExperts(
                16, new SwiGlu(hidden, false), new Gating.SoftmaxThenTopK(4, renormalized), Optional.empty());
    }

    @Test
    void everyFamilyHasTheGatingAndTheDefaultLengthThatLlamaCppComputes() {
        assertThat(mixture(read("llama"))).isEqualTo(plain(60, true));
        assertThat(mixture(read("olmoe"))).isEqualTo(plain(60, false));
        assertThat(mixture(read("qwen3moe"))).isEqualTo(plain(15, true));
        assertThat(mixture(read("qwen2moe")))
                .isEqualTo(new MixtureOfExperts(
                        16,
                        new SwiGlu(15, false),
                        new Gating.SoftmaxThenTopK(4, false),
                        Optional.of(new SharedExpert(new SwiGlu(60, false), true))));
    }

    @Test
    void statedLengthsOfExpertsGoFirst() {
        integers.remove("feed_forward_length");
        integers.put("expert_feed_forward_length", 33L);
        assertThat(mixture(read("qwen3moe")).expert().hidden()).isEqualTo(33);
        integers.put("expert_shared_feed_forward_length", 44L);
        assertThat(mixture(read("qwen2moe")).shared().orElseThrow().network().hidden())
                .isEqualTo(44);
    }

    @Test
    void aFileMayStateWhetherWeightsAreRenormalised() {
        assertThat(mixture(read("olmoe", writer -> writer.flag("olmoe.expert_weights_norm", true))))
                .isEqualTo(plain(60, true));
    }

    @Test
    void pairingAndNormsAreThoseOfTheFamily() {
        RmsNormalization norm = new RmsNormalization(1e-5f);
        assertThat(attention(read("llama")).position().pairing()).isEqualTo(RopePairing.INTERLEAVED);
        assertThat(attention(read("olmoe")).position().pairing()).isEqualTo(RopePairing.HALF_SPLIT);
        assertThat(attention(read("olmoe")).normalization()).isEqualTo(new QueryKeyNormalization.WholeWidth(norm));
        assertThat(attention(read("qwen3moe")).normalization()).isEqualTo(new QueryKeyNormalization.EachHead(norm));
        assertThat(attention(read("qwen2moe")).normalization()).isEqualTo(new QueryKeyNormalization.None());
    }

    private static CausalAttention attention(Architecture architecture) {
        return (CausalAttention) architecture.layers().getFirst().tokenMixing();
    }

    @Test
    void aLayerWithTheGateProjectionOfOneNetworkHasNoExperts() {
        Architecture architecture = read(
                "qwen2moe", writer -> writer.tensor(StoredTensor.ofFloats("blk.1.ffn_gate.weight", List.of(1L), 1)));
        assertThat(architecture.layers().get(0).channelMixing()).isInstanceOf(MixtureOfExperts.class);
        assertThat(architecture.layers().get(1).channelMixing()).isEqualTo(new SwiGlu(60, false));
    }

    @Test
    void zeroExpertsAreNoneForLlamaButRefusedWhereTheFamilyIsOneOfExperts() {
        integers.put("expert_count", 0L);
        assertThat(read("llama").layers().getFirst().channelMixing()).isEqualTo(new SwiGlu(60, false));
        assertThatExceptionOfType(InvalidArchitectureException.class)
                .isThrownBy(() -> read("olmoe"))
                .withMessageContaining("olmoe.expert_count is 0");
        integers.remove("expert_count");
        assertThatExceptionOfType(MalformedCheckpointException.class)
                .isThrownBy(() -> read("olmoe"))
                .withMessageContaining("olmoe.expert_count");
    }

    @Test
    void moreUsedExpertsThanThereAreAreRefused() {
        integers.put("expert_used_count", 17L);
        assertThatExceptionOfType(InvalidArchitectureException.class)
                .isThrownBy(() -> read("llama"))
                .withMessageContaining("llama.expert_used_count is 17")
                .withMessageContaining("1 to 16");
    }

    @Test
    void whatIsNotComputedIsRefused() {
        assertRefused("llama", writer -> writer.integer("llama.expert_gating_func", 2), "expert_gating_func 2");
        assertRefused("llama", writer -> writer.real("llama.expert_weights_scale", 2.5f), "expert_weights_scale 2.5");
        assertRefused(
                "llama",
                writer -> writer.integer("llama.expert_shared_feed_forward_length", 8),
                "expert_shared_feed_forward_length 8");
        assertRefused("qwen2", UnaryOperator.identity(), "qwen2.expert_count 16");
    }

    private void assertRefused(String name, UnaryOperator<GgufWriter> more, String asked) {
        assertThatExceptionOfType(UnsupportedArchitectureException.class)
                .isThrownBy(() -> read(name, more))
                .withMessageContaining(asked)
                .withMessageContaining("supported: ");
    }
}
