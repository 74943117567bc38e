package io.tributary.cli;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** What a gateway says of a field of the request, said of the option that set it. */
final class RefusedOption {
    private RefusedOption() {}

    /** The refusal in the words of the command line; empty if it is not about an option of the command. */
    static Optional<String> message(StatusRuntimeException failure, CommandSpec command) {
        Status status = StatusProto.fromThrowable(failure);
        if (status == null) {
            return Optional.empty();
        }
        return status.getDetailsList().stream()
                .filter(detail -> detail.is(BadRequest.class))
                .flatMap(detail -> badRequest(detail).getFieldViolationsList().stream())
                .filter(violation -> command.findOption(option(violation)) != null)
                .map(violation -> option(violation) + " " + violation.getDescription())
                .findFirst();
    }

    /** Most options are called like the fields that they set. */
    private static String option(FieldViolation violation) {
        String field = violation.getField();
        String name = field.substring(field.lastIndexOf('.') + 1);
        return "--"
                + switch (name) {
                    case "regular_expression" -> "regex";
                    case "gbnf" -> "grammar";
                    case "reports_routing" -> "routing";
                    default -> name.replace('_', '-');
                };
    }

    private static BadRequest badRequest(Any detail) {
        try {
            return detail.unpack(BadRequest.class);
        } catch (InvalidProtocolBufferException unreadable) {
            throw new CommandFailedException("the gateway's answer cannot be read: " + unreadable.getMessage());
        }
    }
}
