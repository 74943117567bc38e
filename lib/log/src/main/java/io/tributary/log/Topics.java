package io.tributary.log;

import io.tributary.proto.log.v1.LaneRecord;
import io.tributary.proto.log.v1.TokenRecord;
import io.tributary.proto.router.v1.ExpertResultRecord;
import io.tributary.proto.router.v1.ExpertWorkRecord;
import java.util.regex.Pattern;

/** The topics of a model. Their names are part of the contract in {@code tributary/log/v1/activation.proto}. */
public final class Topics {
    private static final Pattern MODEL = Pattern.compile("[a-z0-9-]{1,200}");

    private Topics() {}

    /**
     * What the shards of a stage read.
     *
     * @param model the model's name, 1 to 200 characters of {@code [a-z0-9-]}
     * @param stage the stage, counted from 0
     */
    public static Topic<LaneRecord> stage(String model, int stage) {
        if (stage < 0) {
            throw new IllegalArgumentException("stage %d does not exist; stages count from 0".formatted(stage));
        }
        return new Topic<>("tributary.%s.stage-%d.v1".formatted(checked(model), stage), LaneRecord.parser());
    }

    /**
     * The generated tokens, read by gateways.
     *
     * @param model the model's name, 1 to 200 characters of {@code [a-z0-9-]}
     */
    public static Topic<TokenRecord> tokens(String model) {
        return new Topic<>("tributary.%s.tokens.v1".formatted(checked(model)), TokenRecord.parser());
    }

    /**
     * What routers ask of expert shards, one lane an expert.
     *
     * @param model the model's name, 1 to 200 characters of {@code [a-z0-9-]}
     */
    public static Topic<ExpertWorkRecord> expertWork(String model) {
        return new Topic<>("tributary.%s.experts.v1".formatted(checked(model)), ExpertWorkRecord.parser());
    }

    /**
     * What expert shards answer, with as many lanes as {@link #expertWork}.
     *
     * @param model the model's name, 1 to 200 characters of {@code [a-z0-9-]}
     */
    public static Topic<ExpertResultRecord> expertResults(String model) {
        return new Topic<>("tributary.%s.expert-results.v1".formatted(checked(model)), ExpertResultRecord.parser());
    }

    private static String checked(String model) {
        if (!MODEL.matcher(model).matches()) {
            throw new IllegalArgumentException(
                    "\"%s\" is no model name; 1 to 200 characters of [a-z0-9-] are".formatted(model));
        }
        return model;
    }
}
