package io.tributary.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tributary.proto.log.v1.LaneRecord;
import io.tributary.proto.log.v1.TokenRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @Test
    void aPositionSurvivesItsWayThroughKafka() {
        LanePosition position = new LanePosition(1L << 40, 17, 0, 0);
        assertThat(CommittedPosition.decoded(CommittedPosition.encoded(position)))
                .isEqualTo(position);
    }

    @ParameterizedTest
    @CsvSource({"'', 0", "low-water=9, 9", "low-water=10, 0", "low-water=-1, 0", "low-water=99999999999999999999, 0"})
    void metadataThatNamesNoPossibleLowWaterMarkMeansZero(String metadata, long lowWater) {
        assertThat(CommittedPosition.decoded(new OffsetAndMetadata(9, metadata)))
                .isEqualTo(new LanePosition(9, lowWater, 0, 0));
    }

    @Test
    void aLowWaterMarkAboveTheHighWaterMarkIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LanePosition(4, 5, 0, 0))
                .withMessageContaining("low-water mark 5 with high-water mark 4");
        assertThatIllegalArgumentException().isThrownBy(() -> new LanePosition(4, -1, 0, 0));
    }
}
