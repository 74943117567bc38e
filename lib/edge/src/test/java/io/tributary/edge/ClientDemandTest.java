package io.tributary.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ClientDemandTest {
    private final AtomicBoolean ready = new AtomicBoolean(true);
    private final ClientDemand demand = new ClientDemand(ready::get);

    @Test
    void aStreamWaitsForItsClientAndGoesOnWhenItReads() {
        AssertSubscriber<Integer> client = Multi.createFrom()
                .items(1, 2, 3)
                .onItem()
                .invoke(item -> ready.set(item != 2))
                .onItem()
                .call(demand::next)
                .subscribe()
                .withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));
        client.assertItems(1).assertNotTerminated();

        ready.set(true);
        demand.ready();

        client.assertItems(1, 2, 3).assertCompleted();
    }

    @Test
    void withoutACallThereIsAlwaysDemand() {
        assertThat(ClientDemand.current().next().await().indefinitely()).isTrue();
    }
}
