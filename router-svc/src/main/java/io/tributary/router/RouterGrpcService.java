package io.tributary.router;

import com.google.rpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.tributary.proto.router.v1.DescribeExpertsRequest;
import io.tributary.proto.router.v1.DescribeExpertsResponse;
import io.tributary.proto.router.v1.ExpertShardCommand;
import io.tributary.proto.router.v1.ExpertShardMessage;
import io.tributary.proto.router.v1.PlaceExpertsRequest;
import io.tributary.proto.router.v1.PlaceExpertsResponse;
import io.tributary.proto.router.v1.RouteRequest;
import io.tributary.proto.router.v1.RouteResponse;
import io.tributary.proto.router.v1.RouterServiceGrpc;
import jakarta.inject.Inject;

/**
 * The router's calls. They are those of gRPC itself, without Mutiny in between, since only there a call's messages are asked
 * for one by one, and a client that does not read holds its own requests back.
 */
@GrpcService
public class RouterGrpcService extends RouterServiceGrpc.RouterServiceImplBase {
    private final ServedRouter served;

    @Inject
    RouterGrpcService(ServedRouter served) {
        this.served = served;
    }

    @Override
    public StreamObserver<RouteRequest> route(StreamObserver<RouteResponse> responses) {
        return RouteCall.begin(served, (ServerCallStreamObserver<RouteResponse>) responses);
    }

    @Override
    public StreamObserver<ExpertShardMessage> attach(StreamObserver<ExpertShardCommand> commands) {
        return AttachCall.begin(served, (ServerCallStreamObserver<ExpertShardCommand>) commands);
    }

    @Override
    public void describeExperts(DescribeExpertsRequest request, StreamObserver<DescribeExpertsResponse> reply) {
        served.whenRunning()
                .subscribe()
                .with(
                        running -> running.execute(router -> {
                            reply.onNext(router.describe());
                            reply.onCompleted();
                        }),
                        reply::onError);
    }

    @Override
    public void placeExperts(PlaceExpertsRequest request, StreamObserver<PlaceExpertsResponse> reply) {
        served.whenRunning()
                .subscribe()
                .with(
                        running -> running.place(placements -> placements.place(request, new PlaceReply(reply))),
                        reply::onError);
    }

    private record PlaceReply(StreamObserver<PlaceExpertsResponse> reply) implements Placements.Reply {
        @Override
        public void placed(PlaceExpertsResponse response) {
            reply.onNext(response);
            reply.onCompleted();
        }

        @Override
        public void failed(Status reason) {
            reply.onError(Problems.exception(reason));
        }
    }
}
