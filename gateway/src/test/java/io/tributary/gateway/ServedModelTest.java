package io.tributary.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ServedModelTest {
    private static final ServedModel MODEL = new ServedModel("kjv", "f00d", 128, 2048, 1, 0, false);

    @Test
    void withoutAWishTheDefaultIsCutToTheContext() {
        assertThat(MODEL.tokensAllowed(5, OptionalInt.empty(), 256)).isEqualTo(123);
        assertThat(MODEL.tokensAllowed(5, OptionalInt.empty(), 16)).isEqualTo(16);
        assertThat(MODEL.tokensAllowed(127, OptionalInt.of(1), 256)).isEqualTo(1);
    }

    @Test
    void aPromptThatFillsTheContextIsRefusedWithBothNumbers() {
        assertThatThrownBy(() -> MODEL.tokensAllowed(128, OptionalInt.empty(), 256))
                .satisfies(error ->
                        assertThat(Status.fromThrowable(error).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED))
                .hasMessageContainingAll("128 tokens", "holds 127");
    }

    @Test
    void aWishBeyondTheContextIsRefused() {
        assertThatThrownBy(() -> MODEL.tokensAllowed(100, OptionalInt.of(29), 256))
                .hasMessageContainingAll("100 tokens", "max_tokens is 29", "at most 128");
    }

    @Test
    void onlyAModelWithExpertsTellsOfThem() {
        assertThatThrownBy(() -> MODEL.requireExperts("reports_routing"))
                .satisfies(error ->
                        assertThat(Status.fromThrowable(error).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT))
                .hasMessageContainingAll("reports_routing", "kjv has no experts");
        assertThatCode(() -> new ServedModel("moe", "f00d", 128, 2048, 1, 2, false).requireExperts("reports_routing"))
                .doesNotThrowAnyException();
    }

    @Test
    void aModelThatRoutesWholeSequencesContinuesNoText() {
        assertThatCode(MODEL::requireGeneration).doesNotThrowAnyException();
        assertThatThrownBy(() -> new ServedModel("moe", "f00d", 128, 2048, 1, 2, true).requireGeneration())
                .satisfies(error ->
                        assertThat(Status.fromThrowable(error).getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION))
                .hasMessageContainingAll("all tokens of a sequence at once", "Score and Embed");
    }

    @Test
    void anIdOutsideTheVocabularyIsNamed() {
        assertThatThrownBy(() -> MODEL.checkIds("prompt_tokens", List.of(0, 2048)))
                .hasMessageContainingAll("id 2048", "0 to 2047");
        assertThatThrownBy(() -> MODEL.checkIds("prompt_tokens", List.of(-1))).hasMessageContaining("id 4294967295");
    }
}
