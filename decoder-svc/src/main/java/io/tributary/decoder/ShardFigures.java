package io.tributary.decoder;

import java.util.concurrent.atomic.LongAdder;

/** What a shard counts; for any thread. */
final class ShardFigures {
    /** Positions computed again because a lane had changed hands or was started anew. */
    final LongAdder replayedPositions = new LongAdder();

    /** Positions that were not computed because other sessions had left their keys and values. */
    final LongAdder adoptedPositions = new LongAdder();

    /** Positions of prompts of new sessions, all of which are looked up in the prefix cache. */
    final LongAdder prefixQueries = new LongAdder();

    /** Positions of those prompts that the prefix cache had. */
    final LongAdder prefixHits = new LongAdder();

    /** Sessions whose keys and values had been evicted and were read from the log again. */
    final LongAdder rebuilds = new LongAdder();

    /** Records of shards that had been replaced, which were dropped. */
    final LongAdder lateRecords = new LongAdder();

    /** Activations whose positions were known, which were dropped. */
    final LongAdder duplicateRecords = new LongAdder();

    /** Lanes claimed. */
    final LongAdder claims = new LongAdder();

    /** Lanes started anew because an append had failed. */
    final LongAdder restarts = new LongAdder();

    /** Records skipped because they could not be read. */
    final LongAdder unreadableRecords = new LongAdder();

    /** Sessions of which positions were left over when the last pass was full. */
    volatile int waitingSessions;
}
