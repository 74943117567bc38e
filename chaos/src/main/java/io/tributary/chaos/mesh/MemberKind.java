package io.tributary.chaos.mesh;

import java.util.Locale;

/** Kinds of processes of a mesh. */
public enum MemberKind {
    BROKER,
    TOKENIZER,
    ROUTER,
    EXPERT,
    DECODER,
    GATEWAY,
    /** All services in one: no part of the mesh, but what its streams are compared with. */
    STANDALONE;

    /** As reports name it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
