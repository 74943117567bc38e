package io.tributary.router;

import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.tributary.edge.GrpcErrors;
import io.tributary.proto.router.v1.RouteRequest;
import io.tributary.proto.router.v1.RouteResponse;
import io.tributary.proto.router.v1.RouterService;

/** Answers UNIMPLEMENTED: the contract stands, no mixture-of-experts model is served yet. */
@GrpcService
public class RouterGrpcService implements RouterService {
    @Override
    public Multi<RouteResponse> route(Multi<RouteRequest> request) {
        return Multi.createFrom()
                .failure(GrpcErrors.unimplemented("router-svc routes no mixture-of-experts model yet: "
                        + "this version serves dense models only"));
    }
}
