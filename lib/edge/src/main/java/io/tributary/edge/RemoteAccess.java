package io.tributary.edge;

import java.util.List;
import java.util.Optional;

/** What a process needs before others than the programs of its own machine may reach it. */
public interface RemoteAccess {
    /** Properties of the addresses that the process listens on and guards. */
    List<String> guardedHosts();

    /** What keeps strangers out but is not configured, and how to change that; empty if nothing is missing. */
    Optional<String> missing();
}
