package io.tributary.decoder.protocol;

/** Another rule than the protocol's, to see what the protocol's rule is for. */
enum Deviation {
    /** The high-water mark is the next record to process, whether or not the appends are acknowledged. */
    COMMITS_BEFORE_ACKNOWLEDGEMENT,
    /** The low-water mark leaves out sessions that a record at or behind the high-water mark closed. */
    LOW_WATER_OF_SESSIONS_LIVE_NOW,
    /** The group takes commits of owners that were replaced. */
    REPLACED_OWNERS_COMMIT,
    /** Closings and failures of any epoch count. */
    CLOSINGS_NOT_FENCED,
    /** Openings of any epoch count. */
    OPENINGS_NOT_FENCED,
    /** Activations and tokens of any epoch count. */
    VALUES_NOT_FENCED,
    /** A new owner announces itself by its first record only. */
    NO_OWNERSHIP_RECORDS,
    /** A replay begins without knowing any upstream epoch. */
    UPSTREAM_EPOCH_FORGOTTEN,
    /** The upstream epoch is committed as of the latest record, not as of the low-water mark. */
    UPSTREAM_EPOCH_OF_LATEST_RECORD,
    /** A new owner emits nothing for records that are in the log when it claims the lane. */
    OLD_RECORDS_ONLY_REPLAYED,
    /** An activation behind a gap is computed as if nothing were missing. */
    GAPS_ACCEPTED,
    /** An activation behind a gap fails the session at once. */
    GAPS_FAIL_SESSIONS,
    /** An opening that is emitted again opens a session again. */
    CLOSED_SESSIONS_FORGOTTEN,
    /** The closing of an unknown session is not passed on. */
    CLOSINGS_OF_UNKNOWN_SESSIONS_DROPPED,
    /** A shard whose next record is deleted goes on with the oldest that is kept. */
    READS_ON_BEHIND_DELETED_RECORDS,
    /** Gateways take tokens and failures of any epoch. */
    GATEWAYS_DO_NOT_FENCE,
    /** A shard that fails a session frees it, and does not wait for the closing to come round. */
    FREES_BEFORE_CLOSING,
    /** The shard that fails a session tells the gateways itself, beside the closing that goes to stage 0. */
    FAILURES_STRAIGHT_TO_GATEWAYS,
    /** The closing of a failed session goes to the next stage, and from there round to the stage that failed it. */
    FAILURES_TO_NEXT_STAGE,
    /** A new owner announces itself to the next stage and the gateways, but not in stage 0's lane. */
    OWNERSHIP_TO_NEXT_STAGE_ONLY,
    /** The committed position has one upstream epoch for all stages that write to the lane. */
    ONE_UPSTREAM_EPOCH_FOR_ALL_STAGES
}
