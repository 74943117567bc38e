package io.tributary.decoder.experts;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.tributary.edge.RouterAddress;
import io.tributary.edge.Routers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Keeps a shard attached to every router that there is: names are resolved again and again, on a thread of its own. */
final class RouterAttachments implements AutoCloseable {
    private static final Duration LONGEST_END = Duration.ofSeconds(2);
    private static final Logger LOG = Logger.getLogger(RouterAttachments.class);
    private static final Duration INTERVAL = Duration.ofSeconds(3);

    private final Routers routers;
    private final Supplier<RouterCall> calls;
    private final Map<RouterAddress, RouterAttachment> attachments = new ConcurrentHashMap<>();
    private final Thread thread;

    /** @param calls makes a call for each attempt */
    RouterAttachments(Routers routers, Supplier<RouterCall> calls) {
        this.routers = routers;
        this.calls = calls;
        this.thread = Thread.ofVirtual().name("tributary-routers").unstarted(this::run);
    }

    /**
     * Begins with the routers that there are by now.
     *
     * @throws ConfigurationException for routers or certificates that cannot be right
     */
    void start() {
        look(routers.resolve());
        thread.start();
    }

    /** Routers that have welcomed the shard. */
    int attached() {
        return Math.toIntExact(
                attachments.values().stream().filter(RouterAttachment::attached).count());
    }

    /** Tells all routers what is offered. */
    void announce() {
        attachments.values().forEach(attachment -> {
            RouterCall call = attachment.current();
            if (call != null) {
                call.announce();
            }
        });
    }

    /** Reads on what waited for room. */
    void pull() {
        attachments.values().forEach(attachment -> {
            RouterCall call = attachment.current();
            if (call != null) {
                call.pull();
            }
        });
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
            LOG.warnf("a router cannot be attached to: %s", failure.getMessage());
        } catch (RuntimeException failure) {
            LOG.error("routers are looked for again later", failure);
        }
    }

    private void look(List<RouterAddress> found) {
        for (RouterAddress router : found) {
            attachments.computeIfAbsent(router, address -> new RouterAttachment(address, routers, calls));
        }
        for (RouterAddress router : List.copyOf(attachments.keySet())) {
            @Nullable RouterAttachment attachment = attachments.get(router);
            // A name that cannot be resolved for a moment is no reason to leave a router that is there.
            if (attachment != null && !found.contains(router) && !attachment.attached()) {
                attachments.remove(router);
                attachment.close();
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(LONGEST_END);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        attachments.values().forEach(RouterAttachment::close);
    }
}
