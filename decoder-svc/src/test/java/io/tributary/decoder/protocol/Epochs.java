package io.tributary.decoder.protocol;

/** The highest epochs of both stages that were seen in a lane. */
record Epochs(int first, int last) {
    static final Epochs NONE = new Epochs(0, 0);

    int of(int stage) {
        return stage == 0 ? first : last;
    }

    boolean fences(Entry entry) {
        return entry.stage() != Entry.GATEWAY && entry.epoch() < of(entry.stage());
    }

    Epochs with(Entry entry) {
        if (entry.stage() == Entry.GATEWAY || entry.epoch() <= of(entry.stage())) {
            return this;
        }
        return entry.stage() == 0 ? new Epochs(entry.epoch(), last) : new Epochs(first, entry.epoch());
    }

    int code() {
        return (first << 8) | last;
    }
}
