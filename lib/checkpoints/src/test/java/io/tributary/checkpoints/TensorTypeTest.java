package io.tributary.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TensorTypeTest {
    @Test
    void everyGgmlIdLeadsBackToItsOnlyType() {
        List<TensorType> types = Arrays.stream(TensorType.values())
                .filter(type -> type.ggmlId().isPresent())
                .toList();

        assertThat(types)
                .hasSize(32)
                .allSatisfy(type -> assertThat(TensorType.ofGgmlId(type.ggmlId().getAsInt()))
                        .contains(type));
        assertThat(types.stream().map(TensorType::ggmlId)).doesNotHaveDuplicates();
    }

    @Test
    void blocksAreThoseOfGgml() {
        assertThat(TensorType.Q4_0.blockElements()).isEqualTo(32);
        assertThat(TensorType.Q4_0.blockBytes()).isEqualTo(18);
        assertThat(TensorType.Q8_0.blockBytes()).isEqualTo(34);
        assertThat(TensorType.Q4_K.blockElements()).isEqualTo(256);
        assertThat(TensorType.Q4_K.blockBytes()).isEqualTo(144);
        assertThat(TensorType.Q6_K.blockBytes()).isEqualTo(210);
        assertThat(TensorType.ofGgmlId(30)).contains(TensorType.BF16);
    }

    @Test
    void removedAndUnheardOfIdsAreUnknown() {
        assertThat(TensorType.ofGgmlId(4)).isEmpty();
        assertThat(TensorType.ofGgmlId(-1)).isEmpty();
        assertThat(TensorType.ofGgmlId(77)).isEmpty();
    }

    @Test
    void safetensorsHasPlainTypesOnly() {
        assertThat(TensorType.ofSafetensorsDtype("BF16")).contains(TensorType.BF16);
        assertThat(TensorType.ofSafetensorsDtype("Q8_0")).isEmpty();
        assertThat(TensorType.ofSafetensorsDtype("f32")).isEmpty();
        assertThat(TensorType.BOOL.ggmlId()).isEqualTo(OptionalInt.empty());
    }

    @Test
    void bytesCountWholeBlocksOfARow() {
        assertThat(TensorShape.bytes(TensorType.Q8_0, List.of(3L, 64L))).isEqualTo(3 * 2 * 34);
        assertThat(TensorShape.bytes(TensorType.F16, List.of())).isEqualTo(2);
        assertThat(TensorShape.bytes(TensorType.F32, List.of(5L, 0L, 7L))).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TensorShape.bytes(TensorType.Q8_0, List.of(64L, 33L)))
                .withMessageContaining("rows of 33 elements")
                .withMessageContaining("multiple of 32");
    }

    @Test
    void shapesThatOverflowAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TensorShape.elements(List.of(1L << 62, 2L)))
                .withMessageContaining("2^63 - 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TensorShape.elements(List.of(1L << 32, 1L << 32)))
                .withMessageContaining("2^63 - 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TensorShape.bytes(TensorType.F32, List.of(1L << 62)))
                .withMessageContaining("2^63 - 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TensorShape.elements(List.of(3L, -1L)))
                .withMessageContaining("negative extent -1");
    }

    @Test
    void aStoredTensorMustHaveTheBytesOfItsShape() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StoredTensor.ofFloats("w", List.of(2L, 2L), 1, 2, 3))
                .withMessageContaining("'w'")
                .withMessageContaining("takes 16 bytes, not 12");
        assertThat(StoredTensor.ofFloats("w", List.of(3L, 5L), new float[15]).elements())
                .isEqualTo(15);
        assertThat(StoredTensor.ofFloats("s", List.of(), 1).elements()).isEqualTo(1);
    }
}
