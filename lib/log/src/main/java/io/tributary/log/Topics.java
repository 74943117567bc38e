package io.tributary.log;

import io.tributary.proto.log.v1.LaneRecord;
import io.tributary.proto.log.v1.TokenRecord;
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

    private static String checked(String model) {
        if (!MODEL.matcher(model).matches()) {
            throw new IllegalArgumentException(
                    "\"%s\" is no model name; 1 to 200 characters of [a-z0-9-] are".formatted(model));
        }
        return model;
    }
}
