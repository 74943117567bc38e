package io.tributary.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.smallrye.mutiny.groups.UniAwait;
import io.tributary.kernels.WorkPool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** No thread waits without a limit for what another one does. */
@AnalyzeClasses(packages = "io.tributary", importOptions = ImportOption.DoNotIncludeTests.class)
class BoundedWaitsTest {
    private static final List<Wait> UNTIMED = List.of(
            new Wait(Object.class, "wait"),
            new Wait(Thread.class, "join"),
            new Wait(Process.class, "waitFor"),
            new Wait(Future.class, "get"),
            new Wait(CompletableFuture.class, "join"),
            new Wait(ForkJoinTask.class, "join"),
            new Wait(ExecutorService.class, "close"),
            new Wait(CountDownLatch.class, "await"),
            new Wait(CyclicBarrier.class, "await"),
            new Wait(Phaser.class, "arriveAndAwaitAdvance"),
            new Wait(Semaphore.class, "acquire"),
            new Wait(Semaphore.class, "acquire", int.class),
            new Wait(Condition.class, "await"),
            new Wait(Condition.class, "awaitUninterruptibly"),
            new Wait(BlockingQueue.class, "take"),
            new Wait(BlockingQueue.class, "put", Object.class),
            new Wait(LockSupport.class, "park"),
            new Wait(LockSupport.class, "park", Object.class),
            new Wait(UniAwait.class, "indefinitely"));

    /**
     * WorkPool alone is excepted. Its callers wait for arithmetic that always ends, and could not leave earlier: the
     * workers still write to the caller's memory. Its workers wait for work, or for the end that `close` tells them.
     */
    private static final ArchRule RULE = noClasses()
            .that(not(belongToAnyOf(WorkPool.class)))
            .should()
            .accessTargetWhere(describe("the target waits without a time limit", BoundedWaitsTest::isUntimed));

    @ArchTest
    void noProductionCodeWaitsWithoutATimeLimit(JavaClasses classes) {
        RULE.check(classes);
    }

    @ArchTest
    void theRuleSeesCallsOfSubtypesAndMethodReferences(JavaClasses classes) {
        JavaClasses waiting = new ClassFileImporter().importClasses(Waiting.class);
        assertThatThrownBy(() -> RULE.check(waiting))
                .hasMessageContainingAll("joinsAThread", "getsFromASubtype", "joinsByReference")
                .hasMessageNotContainingAny("joinsForASecond", "getsForASecond");
    }

    private static boolean isUntimed(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget target
                && UNTIMED.stream().anyMatch(wait -> wait.is(target));
    }

    /** A method that waits, called on its owner or any subtype of it. */
    private record Wait(Class<?> owner, String method, List<Class<?>> parameters) {
        Wait(Class<?> owner, String method, Class<?>... parameters) {
            this(owner, method, List.of(parameters));
        }

        boolean is(CodeUnitAccessTarget target) {
            return target.getName().equals(method)
                    && target.getOwner().isAssignableTo(owner)
                    && names(target)
                            .equals(parameters.stream().map(Class::getName).toList());
        }

        private static List<String> names(CodeUnitAccessTarget target) {
            return target.getRawParameterTypes().stream()
                    .map(type -> type.getName())
                    .toList();
        }
    }

    /** What the rule is tried on. */
    static final class Waiting {
        void joinsAThread(Thread thread) throws InterruptedException {
            thread.join();
        }

        String getsFromASubtype(CompletableFuture<String> future) throws InterruptedException, ExecutionException {
            return future.get();
        }

        Supplier<String> joinsByReference(CompletableFuture<String> future) {
            return future::join;
        }

        boolean joinsForASecond(Thread thread) throws InterruptedException {
            return thread.join(Duration.ofSeconds(1));
        }

        String getsForASecond(Future<String> future) throws Exception {
            return future.get(1, TimeUnit.SECONDS);
        }
    }
}
