package io.tributary.gateway.access;

import com.google.protobuf.ByteString;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.tributary.proto.router.v1.MutinyRouterServiceGrpc;
import io.tributary.proto.router.v1.RouteRequest;
import io.tributary.proto.router.v1.RouteResponse;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;

/** Tells callers who they are: as another gRPC service of the gateway's process, and below /v1 like its HTTP API. */
@GrpcService
public class CallerEcho extends MutinyRouterServiceGrpc.RouterServiceImplBase {
    @Override
    public Multi<RouteResponse> route(Multi<RouteRequest> requests) {
        ByteString subject = ByteString.copyFromUtf8(Caller.current().subject());
        return requests.map(
                request -> RouteResponse.newBuilder().setHiddenStates(subject).build());
    }

    void register(@Observes Router router) {
        router.get("/v1/caller").handler(request -> request.end(Caller.current().subject()));
        router.get("/v1/blocking")
                .blockingHandler(request -> request.end(Caller.current().subject()));
    }
}
