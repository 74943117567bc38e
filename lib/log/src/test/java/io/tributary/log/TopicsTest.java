package io.tributary.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tributary.proto.log.v1.LaneRecord;
import io.tributary.proto.log.v1.TokenRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {
    @Test
    void topicsAreNamedAsTheContractSays() {
        assertThat(Topics.stage("tiny-7", 3))
                .isEqualTo(new Topic<>("tributary.tiny-7.stage-3.v1", LaneRecord.parser()));
        assertThat(Topics.tokens("tiny-7")).isEqualTo(new Topic<>("tributary.tiny-7.tokens.v1", TokenRecord.parser()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Tiny", "a.b", "a/b", "\u00fc"})
    void aModelNameThatWouldMakeAnAmbiguousTopicIsRefused(String model) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Topics.tokens(model))
                .withMessageContaining("\"" + model + "\"");
    }

    @Test
    void aStageBelowZeroOrATopicThatKafkaWouldRefuseIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Topics.stage("tiny", -1))
                .withMessageContaining("-1");
        assertThatIllegalArgumentException().isThrownBy(() -> new Topic<>("a b", LaneRecord.parser()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Topic<>("a".repeat(250), LaneRecord.parser()));
    }
}
