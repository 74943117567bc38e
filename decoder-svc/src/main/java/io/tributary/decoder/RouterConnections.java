package io.tributary.decoder;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.tributary.edge.RouterAddress;
import io.tributary.edge.Routers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Connections to all routers that there are: names are resolved, and routers called, again and again. Thread-safe. */
final class RouterConnections implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(RouterConnections.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Routers routers;
    private final Runnable answered;
    private final Map<RouterAddress, RouterConnection> connections = new LinkedHashMap<>();
    private final Thread thread;
    /** Where in the connections the next request looks first: each process begins with another router. */
    private int turn = UUID.randomUUID().hashCode();

    private boolean present;
    private long absentSince = System.nanoTime();
    private boolean closed;

    /**
     * Calls the routers that there are by now.
     *
     * @param answered run with each answer of a router, and when one comes after there was none; by any thread
     * @throws ConfigurationException for routers or certificates that cannot be right
     */
    RouterConnections(Routers routers, Runnable answered) {
        this.routers = routers;
        this.answered = answered;
        look(routers.resolve());
        this.thread = Thread.ofVirtual().name("tributary-routers").start(this::run);
    }

    /** Since when no router can be reached, by {@link System#nanoTime()}; now if one can. */
    synchronized long absentSince() {
        return present ? System.nanoTime() : absentSince;
    }

    /** A router that can be reached, the same one as long as nobody avoids it; null if there is none. */
    synchronized @Nullable RouterConnection any() {
        List<RouterConnection> all = List.copyOf(connections.values());
        for (int step = 0; step < all.size(); step++) {
            int index = Math.floorMod(turn + step, all.size());
            if (all.get(index).ready()) {
                turn = index;
                return all.get(index);
            }
        }
        return null;
    }

    /** Whether more than one router can be reached. */
    synchronized boolean several() {
        return connections.values().stream().filter(RouterConnection::ready).count() > 1;
    }

    /** Looks for another router first from now on. */
    synchronized void avoidLast() {
        turn++;
    }

    /**
     * Waits for a router that can be reached.
     *
     * @param deadline by {@link System#nanoTime()}
     * @return null if none could be in time
     */
    synchronized @Nullable RouterConnection await(long deadline) throws InterruptedException {
        RouterConnection found = any();
        while (found == null && !closed) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return null;
            }
            wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
            found = any();
        }
        return found;
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(INTERVAL);
                lookAgain();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Certificates may be unreadable for a moment, while they are replaced. */
    private void lookAgain() {
        try {
            look(routers.resolve());
        } catch (ConfigurationException failure) {
            LOG.warnf("a router cannot be called: %s", failure.getMessage());
        }
    }

    private void look(List<RouterAddress> found) {
        List<RouterConnection> added = new ArrayList<>();
        synchronized (this) {
            if (closed) {
                return;
            }
            for (RouterAddress router : found) {
                if (!connections.containsKey(router)) {
                    RouterConnection connection = new RouterConnection(router, routers.open(router), answered);
                    connections.put(router, connection);
                    added.add(connection);
                }
            }
            // A name that cannot be resolved for a moment is no reason to leave a router that is there.
            connections.values().removeIf(connection -> {
                boolean gone = !found.contains(connection.router()) && !connection.ready();
                if (gone) {
                    connection.close();
                }
                return gone;
            });
            connections.values().forEach(RouterConnection::connect);
        }
        added.forEach(connection -> connection.onChange(this::changed));
        changed();
    }

    private void changed() {
        boolean came;
        synchronized (this) {
            boolean any = any() != null;
            came = any && !present;
            if (!any && present && !closed) {
                absentSince = System.nanoTime();
                LOG.warnf("none of the routers %s can be reached", routers.names());
            }
            present = any;
            notifyAll();
        }
        if (came) {
            answered.run();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        synchronized (this) {
            closed = true;
            connections.values().forEach(RouterConnection::close);
            notifyAll();
        }
    }
}
