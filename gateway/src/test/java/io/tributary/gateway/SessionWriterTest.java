package io.tributary.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.SamplingParameters;
import io.tributary.proto.log.v1.Sampling;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SessionWriterTest {
    @Test
    void everySamplingParameterOfTheRequestReachesTheLog() {
        SamplingParameters.Builder given = SamplingParameters.newBuilder();
        for (FieldDescriptor field : SamplingParameters.getDescriptor().getFields()) {
            given.setField(field, valueOf(field));
        }

        Sampling written = written(GenerateRequest.newBuilder().setSampling(given));

        for (FieldDescriptor field : SamplingParameters.getDescriptor().getFields()) {
            FieldDescriptor logged = Sampling.getDescriptor().findFieldByName(field.getName());
            assertThat(logged).as(field.getName()).isNotNull();
            assertThat(written.getField(logged)).as(field.getName()).isEqualTo(valueOf(field));
        }
    }

    @Test
    void unsetParametersAreWrittenWithTheValuesThatChangeNothing() {
        Sampling written = written(GenerateRequest.newBuilder());

        assertThat(written.toBuilder().clearSeed().build())
                .isEqualTo(Sampling.newBuilder()
                        .setTopP(1)
                        .setTypicalP(1)
                        .setRepetitionPenalty(1)
                        .build());
    }

    @Test
    void whatTheRequestWantsReportedReachesTheLog() {
        Sampling written =
                written(GenerateRequest.newBuilder().setTopLogprobs(4).setIncludeLogits(true));

        assertThat(written.getTopLogprobs()).isEqualTo(4);
        assertThat(written.getIncludeLogits()).isTrue();
    }

    /** Another value for each field, allowed for all of them. */
    private static Object valueOf(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case FLOAT -> field.getNumber() / 32f;
            case INT -> field.getNumber();
            case LONG -> (long) field.getNumber();
            default -> throw new IllegalArgumentException("a value for " + field + " is missing here");
        };
    }

    private static Sampling written(GenerateRequest.Builder request) {
        return SessionWriter.sampling(
                GenerationRequest.of(request.setPrompt("x").build(), new Random(1)));
    }
}
