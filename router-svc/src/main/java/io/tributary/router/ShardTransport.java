package io.tributary.router;

import io.tributary.proto.router.v1.ExpertTransport;

/** How work reaches shards of other processes, and results this one. */
interface ShardTransport {
    /** What shards announce that take work like this. */
    ExpertTransport kind();

    /**
     * The link to a shard that attaches.
     *
     * @param outlet takes what is no work
     */
    ShardLink link(String shardId, AttachOutlet outlet);
}
