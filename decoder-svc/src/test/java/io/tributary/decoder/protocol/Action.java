package io.tributary.decoder.protocol;

/**
 * Something that can happen next.
 *
 * @param subject number of the session, stage or shard that it happens to
 * @param detail topic or session of the shard; 0 where there is none
 */
record Action(Kind kind, int subject, int detail) {
    /** What can happen. */
    enum Kind {
        OPEN("the gateway opens session %d", true),
        CANCEL("the gateway cancels session %d", false),
        CLAIM("stage %d: the assigned shard claims the lane, and replays", true),
        STEP("%s takes in its next record", true),
        TAKE("the log takes the oldest append of %s to %s", true),
        COMMIT("stage %d: the owner commits", true),
        HAND_OVER("stage %d: the owner is asked for the lane, commits, and drops it", false),
        LOSE("stage %d: the lane is given to the other shard, and its owner does not know", false),
        CRASH("%s crashes", false),
        FAIL_LOST("the oldest append of %s to %s fails, and is not in the log", false),
        FAIL_STORED("the oldest append of %s to %s fails, but is in the log", false),
        DECIDE("%s fails session %d by its own judgement", false);

        private final String description;
        private final boolean progress;

        Kind(String description, boolean progress) {
            this.description = description;
            this.progress = progress;
        }
    }

    /** Whether it happens sooner or later: what a shard without the lane does may as well never happen. */
    boolean progress() {
        boolean shard = kind == Kind.STEP || kind == Kind.TAKE;
        return kind.progress && !(shard && subject % 2 == 1);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case OPEN, CANCEL, CLAIM, COMMIT, HAND_OVER, LOSE -> kind.description.formatted(subject);
            case STEP, CRASH -> kind.description.formatted(shard());
            case TAKE, FAIL_LOST, FAIL_STORED -> kind.description.formatted(shard(), topic());
            case DECIDE -> kind.description.formatted(shard(), detail);
        };
    }

    private String shard() {
        return (subject % 2 == 0 ? "the assigned shard" : "the other shard") + " of stage " + subject / 2;
    }

    private String topic() {
        return detail == ModelShard.GATEWAYS ? "the tokens lane" : "stage " + detail + "'s lane";
    }
}
