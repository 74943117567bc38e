package io.tributary.decoder.experts;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tributary.models.experts.ExpertSet;
import io.tributary.proto.router.v1.ExpertResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In what order and in what matrices rows are computed. */
@Timeout(60)
class ExpertQueueTest {
    private static final int ROW_BYTES = 4;

    private final ExpertQueue queue = new ExpertQueue(10);
    private final List<ExpertResult> results = new ArrayList<>();

    private void add(Object origin, long id, int layer, int expert, int rows) {
        ExpertTask task = new ExpertTask(new ExpertTask.Key(origin, id), layer, results::add);
        task.add(expert, ByteString.copyFrom(new byte[rows * ROW_BYTES]), ROW_BYTES);
        queue.add(task);
    }

    private String next() throws InterruptedException {
        ExpertQueue.Taken taken = Objects.requireNonNull(queue.take(4));
        List<String> slices = new ArrayList<>();
        for (ExpertQueue.Slice slice : taken.slices()) {
            ExpertTask.Key key = slice.part().task().key();
            slices.add("%s%d[%d+%d]".formatted(key.origin(), key.workId(), slice.first(), slice.count()));
            if (slice.part().computed(slice.count())) {
                queue.remove(key);
            }
        }
        return "layer %d expert %d: %s".formatted(taken.layer(), taken.expert(), String.join(" ", slices));
    }

    @Test
    void whatWaitsForAnExpertIsOneMatrixAndWhatIsLeftOverWaitsBehindTheOthers() throws Exception {
        add("a", 1, 0, 3, 2);
        add("a", 2, 1, 3, 1);
        add("b", 1, 0, 3, 1);
        add("b", 2, 0, 3, 6);
        assertThat(queue.waitingRows()).isEqualTo(10);
        assertThat(queue.hasRoom()).isFalse();

        assertThat(next()).isEqualTo("layer 0 expert 3: a1[0+2] b1[0+1] b2[0+1]");
        assertThat(queue.hasRoom()).isTrue();
        assertThat(next()).isEqualTo("layer 1 expert 3: a2[0+1]");
        assertThat(next()).isEqualTo("layer 0 expert 3: b2[1+4]");
        assertThat(results).extracting(ExpertResult::getWorkId).containsExactly(1L, 1L, 2L);
        assertThat(next()).isEqualTo("layer 0 expert 3: b2[5+1]");
        assertThat(results.getLast().getOutputs(0).size()).isEqualTo(6 * ROW_BYTES);
        assertThat(queue.waitingRows()).isZero();
    }

    @Test
    void cancelledWorkIsNeitherComputedNorAnswered() throws Exception {
        add("a", 1, 0, 0, 6);
        add("a", 2, 0, 0, 1);
        add("b", 1, 0, 0, 1);
        ExpertQueue.Taken begun = Objects.requireNonNull(queue.take(4));
        queue.remove(new ExpertTask.Key("a", 1));
        begun.slices()
                .forEach(slice ->
                        assertThat(slice.part().computed(slice.count())).isFalse());
        queue.removeAll("b");

        assertThat(next()).isEqualTo("layer 0 expert 0: a2[0+1]");
        assertThat(results).extracting(ExpertResult::getWorkId).containsExactly(2L);
        assertThat(queue.waitingRows()).isZero();
    }

    @Test
    void workThatWaitsAlreadyIsNotAddedAgain() throws Exception {
        add("a", 1, 0, 0, 1);
        add("a", 1, 0, 0, 1);
        assertThat(next()).isEqualTo("layer 0 expert 0: a1[0+1]");
        assertThat(queue.waitingRows()).isZero();
    }

    @Test
    void anExpertIsDoneWithWhenItsRowsAreComputed() throws Exception {
        add("a", 1, 0, 2, 1);
        ExpertSet second = ExpertSet.parse("2");
        assertThat(queue.awaitNone(second, Duration.ZERO)).isFalse();
        assertThat(queue.awaitNone(ExpertSet.parse("0-1"), Duration.ZERO)).isTrue();
        assertThat(next()).isEqualTo("layer 0 expert 2: a1[0+1]");
        assertThat(queue.awaitNone(second, Duration.ZERO)).isFalse();

        Thread computing = Thread.ofVirtual().start(() -> {
            try {
                var _ = queue.take(4);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(queue.awaitNone(second, Duration.ofSeconds(30))).isTrue();
        queue.close();
        computing.join();
        assertThat(queue.take(4)).isNull();
    }
}
