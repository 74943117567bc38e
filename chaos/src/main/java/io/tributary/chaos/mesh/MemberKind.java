package io.tributary.chaos.mesh;

import java.util.Locale;

/** Kinds of processes of a mesh. */
public enum MemberKind {
    BROKER,
    TOKENIZER,
    DECODER,
    GATEWAY;

    /** As reports name it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
