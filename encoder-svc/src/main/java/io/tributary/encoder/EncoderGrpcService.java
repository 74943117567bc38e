package io.tributary.encoder;

import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.tributary.edge.GrpcErrors;
import io.tributary.proto.encoder.v1.EncodeRequest;
import io.tributary.proto.encoder.v1.EncodeResponse;
import io.tributary.proto.encoder.v1.EncoderService;

/** Answers UNIMPLEMENTED: the contract stands, no encoder model is served yet. */
@GrpcService
public class EncoderGrpcService implements EncoderService {
    @Override
    public Uni<EncodeResponse> encode(Multi<EncodeRequest> request) {
        return Uni.createFrom()
                .failure(GrpcErrors.unimplemented("encoder-svc serves no encoder model yet: "
                        + "text, image and audio inputs cannot be encoded by this version"));
    }
}
