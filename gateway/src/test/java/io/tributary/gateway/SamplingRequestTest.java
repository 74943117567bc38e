package io.tributary.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.tributary.proto.gateway.v1.Constraint;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.SamplingParameters;
import io.tributary.proto.log.v1.LogitBias;
import io.tributary.proto.log.v1.Sampling;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SamplingRequestTest {
    @Test
    void everySamplingParameterOfTheRequestReachesTheLog() {
        SamplingParameters.Builder given = SamplingParameters.newBuilder();
        for (FieldDescriptor field : scalars()) {
            given.setField(field, valueOf(field));
        }

        Sampling written = written(GenerateRequest.newBuilder().setSampling(given));

        for (FieldDescriptor field : scalars()) {
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

    @Test
    void biasesReachTheLogInTheOrderOfTheirTokens() {
        Sampling written = written(GenerateRequest.newBuilder()
                .setSampling(
                        SamplingParameters.newBuilder().putLogitBias(9, -100).putLogitBias(4, 2.5f)));

        assertThat(written.getLogitBiasList())
                .containsExactly(
                        LogitBias.newBuilder().setTokenId(4).setBias(2.5f).build(),
                        LogitBias.newBuilder().setTokenId(9).setBias(-100).build());
    }

    @Test
    void theConstraintAndTheEndOfTextReachTheLog() {
        Sampling written = written(GenerateRequest.newBuilder()
                .setIgnoreEndOfText(true)
                .setConstraint(Constraint.newBuilder().setRegularExpression("[0-9]+")));

        assertThat(written.getIgnoreEndOfText()).isTrue();
        assertThat(written.getConstraint().getRegularExpression()).isEqualTo("[0-9]+");
    }

    private static List<FieldDescriptor> scalars() {
        return SamplingParameters.getDescriptor().getFields().stream()
                .filter(field -> !field.isMapField())
                .toList();
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
        return SamplingRequest.of(request.setPrompt("x").build(), new Random(1)).record();
    }
}
