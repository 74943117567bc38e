package io.tributary.router;

import com.google.rpc.Code;
import com.google.rpc.Status;
import io.tributary.models.experts.ExpertSet;
import io.tributary.proto.router.v1.ExpertResult;
import io.tributary.proto.router.v1.ExpertShardAnnouncement;
import io.tributary.proto.router.v1.ExpertShardCommand;
import io.tributary.proto.router.v1.ExpertShardHeartbeat;
import io.tributary.proto.router.v1.ExpertShardMessage;
import io.tributary.proto.router.v1.ExpertTransport;
import io.tributary.proto.router.v1.ExpertWork;
import io.tributary.router.Attachments.Attachment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expert shard: it keeps the work that it is given until the test has it answered, or answers at once. */
final class FakeShard implements AttachOutlet {
    private final RouterRig rig;
    private final String id;
    private final Attachment attachment;
    private final List<ExpertShardCommand> commands = new ArrayList<>();
    private final List<ExpertWork> work = new ArrayList<>();
    private final List<Long> cancelled = new ArrayList<>();
    private final List<ExpertSet> held = new ArrayList<>();
    private boolean answersAtOnce = true;
    private int rows;
    private @Nullable Status ended;

    FakeShard(RouterRig rig, String id) {
        this.rig = rig;
        this.id = id;
        attachment = rig.attachments().begin(this);
    }

    /** Attaches with experts of all layers. */
    static FakeShard attach(RouterRig rig, String id, String experts) {
        FakeShard shard = new FakeShard(rig, id);
        shard.announce(experts);
        return shard;
    }

    FakeShard keepingWork() {
        answersAtOnce = false;
        return this;
    }

    void announce(String experts) {
        announce(announcement(experts).build());
    }

    ExpertShardAnnouncement.Builder announcement(String experts) {
        return ExpertShardAnnouncement.newBuilder()
                .setShardId(id)
                .setModelFingerprint(rig.model().fingerprint())
                .setEndLayer(TinyMixture.LAYERS)
                .addAllExperts(() -> ExpertSet.parse(experts).indices().iterator())
                .setTransport(ExpertTransport.EXPERT_TRANSPORT_GRPC);
    }

    void announce(ExpertShardAnnouncement announcement) {
        tell(ExpertShardMessage.newBuilder().setAnnouncement(announcement).build());
    }

    void heartbeat(long waitingRows) {
        tell(ExpertShardMessage.newBuilder()
                .setHeartbeat(ExpertShardHeartbeat.newBuilder().setWaitingRows(waitingRows))
                .build());
    }

    /** Says that it cannot hold what it was asked to. */
    void refusePlacement(Code code, String message) {
        tell(ExpertShardMessage.newBuilder()
                .setPlacementError(Problems.of(code, message))
                .build());
    }

    /** Answers the work that it has kept. */
    void answer() {
        List<ExpertWork> kept = List.copyOf(work);
        work.clear();
        kept.forEach(each -> result(rig.experts().answer(each)));
        rig.loop().run();
    }

    /** Fails the work that it has kept. */
    void fail(Code code, String message) {
        List<ExpertWork> kept = List.copyOf(work);
        work.clear();
        kept.forEach(each -> result(ExpertResult.newBuilder()
                .setWorkId(each.getWorkId())
                .setError(Problems.of(code, message))
                .build()));
        rig.loop().run();
    }

    void result(ExpertResult result) {
        tell(ExpertShardMessage.newBuilder().setResult(result).build());
    }

    void tell(ExpertShardMessage message) {
        attachment.message(message);
        rig.loop().run();
    }

    /** Its process dies. */
    void die() {
        attachment.closed();
        rig.loop().run();
    }

    /** Work that it has been given and has neither answered nor been told to leave. */
    List<ExpertWork> work() {
        return work;
    }

    /** Rows that it has been given so far. */
    int rows() {
        return rows;
    }

    List<Long> cancelled() {
        return cancelled;
    }

    /** The experts that it was asked to hold, in order. */
    List<ExpertSet> held() {
        return held;
    }

    List<ExpertShardCommand> commands() {
        return commands;
    }

    @Nullable
    Status ended() {
        return ended;
    }

    @Override
    public void send(ExpertShardCommand command) {
        commands.add(command);
        switch (command.getKindCase()) {
            case WORK -> take(command.getWork());
            case CANCEL -> {
                cancelled.add(command.getCancel().getWorkId());
                work.removeIf(each -> each.getWorkId() == command.getCancel().getWorkId());
            }
            case HOLD ->
                held.add(
                        ExpertSet.of(command.getHold().getExpertsList().stream().mapToInt(Integer::intValue)));
            case WELCOME, KIND_NOT_SET -> {}
        }
    }

    private void take(ExpertWork given) {
        given.getExpertsList()
                .forEach(expert -> rows += expert.getHiddenStates().size() / TinyMixture.ROW_BYTES);
        work.add(given);
        if (answersAtOnce) {
            rig.loop().execute(this::answer);
        }
    }

    @Override
    public void end(Status reason) {
        ended = reason;
    }
}
