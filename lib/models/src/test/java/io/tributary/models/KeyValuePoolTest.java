package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tributary.kernels.KeyValueLayout;
import io.tributary.kernels.KeyValueType;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyValuePoolTest {
    private static final KeyValueLayout LAYOUT = new KeyValueLayout(1, 2, KeyValueType.F32);
    private static final PrefixKey KEY = new PrefixKey(1, 2, 3, 4);
    private static final PrefixKey OTHER = new PrefixKey(1, 2, 3, 5);

    private final KeyValuePool pool = new KeyValuePool(Arena.ofAuto(), 3 * LAYOUT.pageBytes(), List.of(LAYOUT));

    private KeyValuePage take() {
        @Nullable KeyValuePage[] pages = new KeyValuePage[1];
        assertThat(pool.take(pages, 0, 1)).isTrue();
        return Objects.requireNonNull(pages[0]);
    }

    private void assertUse(int used, int shared, int cached) {
        assertThat(pool.use()).isEqualTo(new KeyValueUse(used, shared, cached, 3, LAYOUT.pageBytes()));
    }

    @Test
    void aPageIsCountedOnceHoweverManyHoldIt() {
        KeyValuePage page = take();
        pool.share(page);
        pool.share(page);
        assertUse(1, 1, 0);
        pool.giveBack(page);
        assertUse(1, 1, 0);
        pool.giveBack(page);
        assertUse(1, 0, 0);
        pool.giveBack(page);
        assertUse(0, 0, 0);
        assertThatIllegalStateException().isThrownBy(() -> pool.giveBack(page));
        assertUse(0, 0, 0);
    }

    @Test
    void aRequestThatCannotBeMetTakesNothingAndLeavesTheCacheAlone() {
        KeyValuePage cached = take();
        pool.cache(KEY, cached);
        pool.giveBack(cached);
        take();
        assertThat(pool.take(new KeyValuePage[3], 0, 3)).isFalse();
        assertUse(1, 0, 1);
        assertThat(pool.find(KEY)).isSameAs(cached);
        assertUse(2, 0, 0);
    }

    @Test
    void memoryThatWasNeverTakenIsPreferredToACachedPage() {
        KeyValuePage cached = take();
        pool.cache(KEY, cached);
        pool.giveBack(cached);
        assertThat(take()).isNotSameAs(cached);
        assertThat(take()).isNotSameAs(cached);
        assertUse(2, 0, 1);
        assertThat(take()).isSameAs(cached);
        assertThat(pool.find(KEY)).isNull();
        assertUse(3, 0, 0);
    }

    @Test
    void aPageThatIsKnownByOneKeyIsNotFoundByAnother() {
        KeyValuePage page = take();
        assertThat(pool.cache(KEY, page)).isSameAs(page);
        assertThat(pool.cache(KEY, page)).isSameAs(page);
        assertThat(pool.cache(OTHER, page)).isSameAs(page);
        assertThat(pool.find(OTHER)).isNull();
        pool.giveBack(page);
        assertUse(0, 0, 1);
        pool.forgetCached();
        assertUse(0, 0, 0);
        assertThat(pool.find(KEY)).isNull();
    }

    @Test
    void anEqualPageIsFreedUnlessAnotherSequenceHoldsIt() {
        KeyValuePage first = take();
        KeyValuePage second = take();
        pool.share(second);
        assertThat(pool.cache(KEY, first)).isSameAs(first);
        assertThat(pool.cache(KEY, second)).isSameAs(first);
        assertUse(2, 1, 0);
        assertThat(pool.cache(KEY, second)).isSameAs(first);
        assertUse(1, 1, 0);
    }
}
