package io.tributary.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommittedPositionTest {
    @Test
    void aPositionSurvivesItsWayThroughKafka() {
        LanePosition position = new LanePosition(
                1L << 40,
                17,
                1_795_000_000_123L,
                UpstreamEpochs.NONE.with(2, 1_794_999_999_876L).with(0, 4));
        OffsetAndMetadata encoded = CommittedPosition.encoded(position);
        assertThat(encoded.metadata())
                .isEqualTo("low-water=17;epoch=1795000000123;upstream-epoch-0=4;upstream-epoch-2=1794999999876");
        assertThat(CommittedPosition.decoded(encoded)).isEqualTo(position);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                            | 0 | 0 | 0",
                "low-water=9                                   | 9 | 0 | 0",
                "low-water=10                                  | 0 | 0 | 0",
                "low-water=-1;epoch=-2;upstream-epoch-1=-3       | 0 | 0 | 0",
                "low-water=99999999999999999999;epoch=4        | 0 | 4 | 0",
                "epoch=999999999999999999;low-water=2          | 2 | 999999999999999999 | 0",
                "upstream-epoch-1=5;epoch=4;low-water=3          | 3 | 4 | 5",
                "low-water=3;epoch=4;upstream-epoch-1=5;later=6  | 3 | 4 | 5",
                "low-water=3;epoch=four;upstream-epoch-1=5       | 3 | 0 | 5",
                "low-water=3;epoch=;upstream-epoch-1=            | 3 | 0 | 0",
                "low-water=3 ;epoch=4;;upstream-epoch-1=5;       | 0 | 4 | 5",
                "LOW-WATER=3;my-epoch=4;upstream-epoch-1==5      | 0 | 0 | 0",
                "low-water=\u0663;epoch=\u0664                  | 0 | 0 | 0",
            })
    void whatTheMetadataDoesNotNameOrCannotMeanIsZero(String metadata, long lowWater, long epoch, long upstreamEpoch) {
        assertThat(CommittedPosition.decoded(new OffsetAndMetadata(9, metadata)))
                .isEqualTo(new LanePosition(9, lowWater, epoch, UpstreamEpochs.NONE.with(1, upstreamEpoch)));
    }

    @Test
    void metadataOfAnyLengthIsReadInBoundedTime() {
        String longest = "low-water=3;".repeat(1 << 20);
        assertThat(CommittedPosition.decoded(new OffsetAndMetadata(9, longest)))
                .isEqualTo(new LanePosition(9, 0, 0, UpstreamEpochs.NONE));
    }

    @Test
    void aPositionThatCannotBeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LanePosition(4, 5, 0, UpstreamEpochs.NONE))
                .withMessageContaining("low-water mark 5 with high-water mark 4");
        assertThatIllegalArgumentException().isThrownBy(() -> new LanePosition(4, -1, 0, UpstreamEpochs.NONE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LanePosition(4, 4, -1, UpstreamEpochs.NONE))
                .withMessageContaining("epoch -1");
        assertThatIllegalArgumentException().isThrownBy(() -> new UpstreamEpochs(Map.of(0, -1L)));
    }
}
