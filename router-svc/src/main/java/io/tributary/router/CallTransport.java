package io.tributary.router;

import com.google.rpc.Status;
import io.tributary.models.experts.ExpertSet;
import io.tributary.proto.router.v1.CancelExpertWork;
import io.tributary.proto.router.v1.ExpertShardCommand;
import io.tributary.proto.router.v1.ExpertTransport;
import io.tributary.proto.router.v1.ExpertWork;
import io.tributary.proto.router.v1.HoldExperts;

/** Work goes over the calls that shards attach with, several experts in a message. */
final class CallTransport implements ShardTransport {
    @Override
    public ExpertTransport kind() {
        return ExpertTransport.EXPERT_TRANSPORT_GRPC;
    }

    @Override
    public ShardLink link(String shardId, AttachOutlet outlet) {
        return new CallLink(outlet);
    }

    /** Asks a shard over its call to hold exactly these experts. */
    static void hold(AttachOutlet outlet, ExpertSet experts) {
        HoldExperts hold = HoldExperts.newBuilder()
                .addAllExperts(() -> experts.indices().iterator())
                .build();
        outlet.send(ExpertShardCommand.newBuilder().setHold(hold).build());
    }

    private record CallLink(AttachOutlet outlet) implements ShardLink {
        @Override
        public void send(ExpertWork work) {
            outlet.send(ExpertShardCommand.newBuilder().setWork(work).build());
        }

        @Override
        public void cancel(long workId, int expert) {
            outlet.send(ExpertShardCommand.newBuilder()
                    .setCancel(CancelExpertWork.newBuilder().setWorkId(workId))
                    .build());
        }

        @Override
        public void hold(ExpertSet experts) {
            CallTransport.hold(outlet, experts);
        }

        @Override
        public void end(Status reason) {
            outlet.end(reason);
        }

        @Override
        public boolean takesOneExpertAMessage() {
            return false;
        }
    }
}
