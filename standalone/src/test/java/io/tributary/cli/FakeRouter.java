package io.tributary.cli;

import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.tributary.proto.router.v1.AttachedShard;
import io.tributary.proto.router.v1.DescribeExpertsRequest;
import io.tributary.proto.router.v1.DescribeExpertsResponse;
import io.tributary.proto.router.v1.ExpertShardAnnouncement;
import io.tributary.proto.router.v1.LayerLoad;
import io.tributary.proto.router.v1.PlaceExpertsRequest;
import io.tributary.proto.router.v1.PlaceExpertsResponse;
import io.tributary.proto.router.v1.RouterServiceGrpc.RouterServiceImplBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** A router that says what it is told to say, and has every placement followed. */
final class FakeRouter extends RouterServiceImplBase implements AutoCloseable {
    private final DescribeExpertsResponse.Builder description = DescribeExpertsResponse.newBuilder();
    private final List<PlaceExpertsRequest> placements = new CopyOnWriteArrayList<>();
    private final Server server;
    private volatile Status refusal = Status.OK;

    /** @param fingerprint of its model, with experts that many */
    FakeRouter(String fingerprint, int experts) {
        description.setModelFingerprint(fingerprint).setExperts(experts);
        try {
            server = ServerBuilder.forPort(0).addService(this).build().start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Attaches a shard of three layers. */
    FakeRouter shard(String name, int... experts) {
        description.addShards(AttachedShard.newBuilder().setAnnouncement(announcement(name, IntStream.of(experts))));
        return this;
    }

    /** Has gated. */
    FakeRouter load(int layer, long... chosen) {
        description.addLoads(LayerLoad.newBuilder()
                .setLayer(layer)
                .addAllChosen(LongStream.of(chosen).boxed().toList()));
        return this;
    }

    /** Answers all calls like this. */
    FakeRouter refusing(Status status) {
        refusal = status;
        return this;
    }

    String address() {
        return "127.0.0.1:" + server.getPort();
    }

    /** What it was asked to place. */
    List<PlaceExpertsRequest> placements() {
        return new ArrayList<>(placements);
    }

    @Override
    public void describeExperts(DescribeExpertsRequest request, StreamObserver<DescribeExpertsResponse> client) {
        answer(description.build(), client);
    }

    @Override
    public void placeExperts(PlaceExpertsRequest request, StreamObserver<PlaceExpertsResponse> client) {
        placements.add(request);
        PlaceExpertsResponse.Builder placed = PlaceExpertsResponse.newBuilder();
        request.getShardsList()
                .forEach(shard -> placed.addShards(announcement(
                        shard.getShardId(), shard.getExpertsList().stream().mapToInt(Integer::intValue))));
        answer(placed.build(), client);
    }

    private <T> void answer(T message, StreamObserver<T> client) {
        if (refusal.isOk()) {
            client.onNext(message);
            client.onCompleted();
        } else {
            client.onError(refusal.asRuntimeException());
        }
    }

    private static ExpertShardAnnouncement announcement(String name, IntStream experts) {
        return ExpertShardAnnouncement.newBuilder()
                .setShardId(name)
                .setEndLayer(3)
                .addAllExperts(experts.boxed().toList())
                .build();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
