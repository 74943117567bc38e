package io.tributary.gateway;

import io.tributary.edge.GrpcErrors;
import io.tributary.grammars.Grammar;
import io.tributary.grammars.InvalidGrammarException;
import io.tributary.proto.gateway.v1.Constraint;
import java.util.Optional;

/**
 * What a generated text must be.
 *
 * @param kind the language of the description
 * @param text the description
 */
record TextConstraint(Kind kind, String text) {
    /** The longest description, in characters. */
    private static final int LONGEST = 1 << 16;

    /** The languages that describe texts. */
    enum Kind {
        JSON_SCHEMA("constraint.json_schema"),
        REGULAR_EXPRESSION("constraint.regular_expression"),
        GBNF("constraint.gbnf");

        private final String field;

        Kind(String field) {
            this.field = field;
        }

        /** The field of a request that holds the description. */
        String field() {
            return field;
        }
    }

    /**
     * Takes what a client sent.
     *
     * @return empty if it leaves the text free
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT, naming the field, if it is too long
     */
    static Optional<TextConstraint> of(Constraint given) {
        Optional<TextConstraint> constraint =
                switch (given.getKindCase()) {
                    case JSON_SCHEMA -> Optional.of(new TextConstraint(Kind.JSON_SCHEMA, given.getJsonSchema()));
                    case REGULAR_EXPRESSION ->
                        Optional.of(new TextConstraint(Kind.REGULAR_EXPRESSION, given.getRegularExpression()));
                    case GBNF -> Optional.of(new TextConstraint(Kind.GBNF, given.getGbnf()));
                    case KIND_NOT_SET -> Optional.empty();
                };
        constraint.ifPresent(TextConstraint::requireShort);
        return constraint;
    }

    private void requireShort() {
        if (text.length() > LONGEST) {
            throw GrpcErrors.invalidArgument(
                    kind.field(), "has %,d characters; at most %,d are allowed".formatted(text.length(), LONGEST));
        }
    }

    /**
     * Checks that it describes texts; may take a while.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT, naming the field, if it does not
     */
    void check() {
        try {
            var _ =
                    switch (kind) {
                        case JSON_SCHEMA -> Grammar.ofJsonSchema(text);
                        case REGULAR_EXPRESSION -> Grammar.ofRegularExpression(text);
                        case GBNF -> Grammar.ofGbnf(text);
                    };
        } catch (InvalidGrammarException invalid) {
            throw GrpcErrors.invalidArgument(kind.field(), String.valueOf(invalid.getMessage()));
        }
    }

    /** As the log carries it. */
    io.tributary.proto.log.v1.Constraint record() {
        var constraint = io.tributary.proto.log.v1.Constraint.newBuilder();
        switch (kind) {
            case JSON_SCHEMA -> constraint.setJsonSchema(text);
            case REGULAR_EXPRESSION -> constraint.setRegularExpression(text);
            case GBNF -> constraint.setGbnf(text);
        }
        return constraint.build();
    }
}
