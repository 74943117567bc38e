package io.tributary.router;

import com.google.rpc.Code;
import com.google.rpc.Status;
import io.tributary.proto.router.v1.ExpertShardAnnouncement;
import io.tributary.proto.router.v1.ExpertShardCommand;
import io.tributary.proto.router.v1.ExpertShardMessage;
import io.tributary.proto.router.v1.ExpertShardWelcome;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Shards that come, say that they live, and go. Lives on the loop. */
final class Attachments {
    private static final Logger LOG = Logger.getLogger(Attachments.class);

    private final Loop loop;
    private final RouterLimits limits;
    private final AnnouncementCheck check;
    private final ShardTransport transport;
    private final Router router;
    private final Placements placements;

    Attachments(
            Loop loop,
            RouterLimits limits,
            AnnouncementCheck check,
            ShardTransport transport,
            Router router,
            Placements placements) {
        this.loop = loop;
        this.limits = limits;
        this.check = check;
        this.transport = transport;
        this.router = router;
        this.placements = placements;
    }

    /** A shard calls. */
    Attachment begin(AttachOutlet outlet) {
        return new Attachment(outlet);
    }

    /** One call of a shard. */
    final class Attachment {
        private final AttachOutlet outlet;
        private @Nullable ExpertShard shard;
        private boolean over;

        private Attachment(AttachOutlet outlet) {
            this.outlet = outlet;
        }

        void message(ExpertShardMessage message) {
            if (over) {
                return;
            }
            ExpertShard attached = shard;
            if (attached != null) {
                attached.heard(loop.now());
                message(attached, message);
            } else if (message.hasAnnouncement()) {
                attach(message.getAnnouncement());
            } else {
                end(Problems.invalidArgument("the first message must be an announcement"));
            }
        }

        /**
         * The shard has ended the call.
         *
         * @return whether that is news
         */
        boolean closed() {
            boolean news = !over;
            over = true;
            detach("it has ended its call");
            return news;
        }

        /** Ends the call. */
        void end(Status reason) {
            if (!over) {
                over = true;
                outlet.end(reason);
                detach(reason.getMessage());
            }
        }

        private void attach(ExpertShardAnnouncement announcement) {
            Status problem = check.problem(announcement);
            if (problem != null) {
                end(problem);
                return;
            }
            String id = announcement.getShardId();
            ExpertShard former = router.directory().find(id);
            if (former != null) {
                // A shard that was restarted may be back before its former connection is known to be gone.
                former.link().end(Problems.of(Code.ABORTED, "shard %s has attached again".formatted(id)));
            }
            ExpertShard attached = new ExpertShard(announcement, transport.link(id, new EndingOutlet()), loop.now());
            shard = attached;
            outlet.send(ExpertShardCommand.newBuilder()
                    .setWelcome(ExpertShardWelcome.newBuilder()
                            .setHeartbeatIntervalMs((int) (limits.heartbeatInterval() / 1_000_000)))
                    .build());
            LOG.infof("expert shard %s attached, with experts %s", id, attached.experts());
            router.directory().add(attached);
            router.dispatch().replicasChanged();
            placements.attached(attached);
            listen(attached, limits.silenceTimeout());
        }

        private void message(ExpertShard attached, ExpertShardMessage message) {
            switch (message.getKindCase()) {
                case ANNOUNCEMENT -> announce(attached, message.getAnnouncement());
                case HEARTBEAT -> attached.report(message.getHeartbeat().getWaitingRows());
                case RESULT -> router.result(message.getResult());
                case PLACEMENT_ERROR -> placements.refused(attached, message.getPlacementError());
                case KIND_NOT_SET -> end(Problems.invalidArgument("a message without a kind this router knows"));
            }
        }

        private void announce(ExpertShard attached, ExpertShardAnnouncement announcement) {
            Status problem = check.problem(announcement);
            ExpertShardAnnouncement before = attached.announcement();
            boolean same = announcement.getShardId().equals(before.getShardId())
                    && announcement.getFirstLayer() == before.getFirstLayer()
                    && announcement.getEndLayer() == before.getEndLayer();
            if (problem != null || !same) {
                end(problem != null ? problem : Problems.invalidArgument("only the experts of a shard may change"));
                return;
            }
            attached.announce(announcement);
            router.directory().changed();
            router.dispatch().replicasChanged();
            placements.announced();
        }

        private void listen(ExpertShard attached, long pause) {
            loop.after(pause, () -> {
                long remaining = attached.lastHeard() + limits.silenceTimeout() - loop.now();
                if (over) {
                    return;
                }
                if (remaining > 0) {
                    listen(attached, remaining);
                } else {
                    end(Problems.unavailable(
                            "nothing was heard of it for %d ms".formatted(limits.silenceTimeout() / 1_000_000)));
                }
            });
        }

        private void detach(String reason) {
            ExpertShard attached = shard;
            if (attached == null) {
                return;
            }
            shard = null;
            LOG.warnf("expert shard %s is gone: %s", attached.id(), reason);
            router.directory().remove(attached);
            router.dispatch().lost(attached, Problems.unavailable("it was lost: %s".formatted(reason)));
            placements.lost(attached);
        }

        /** So that whoever ends the link ends the attachment. */
        private final class EndingOutlet implements AttachOutlet {
            @Override
            public void send(ExpertShardCommand command) {
                if (!over) {
                    outlet.send(command);
                }
            }

            @Override
            public void end(Status reason) {
                Attachment.this.end(reason);
            }
        }
    }
}
