package io.tributary.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.rpc.Code;
import io.tributary.grammars.CompiledGrammar;
import io.tributary.grammars.GrammarState;
import io.tributary.models.architecture.Architecture;
import io.tributary.proto.log.v1.Constraint;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConstraintCompilerTest {
    private final Semaphore compiled = new Semaphore(0);

    @Test
    void tokensBeyondTheTokenizersAreNeverAllowed() throws Exception {
        StageModel model = TestShards.model();
        Architecture padded = withVocabulary(model.architecture(), 2048 + 70);
        try (ConstraintCompiler compiler = compiler(withArchitecture(model, padded))) {
            GrammarState start = compiler.compile(expression("(.|\\n)*")).get().start();
            BitSet allowed = BitSet.valueOf(start.allowed());
            assertThat(allowed.get(0)).as("the end of the text").isTrue();
            assertThat(allowed.cardinality()).isGreaterThan(1000);
            assertThat(allowed.length()).isLessThanOrEqualTo(2048);
        }
    }

    @Test
    void whoeverWaitsIsToldWhenAConstraintWasCompiledAndWhenItCouldNotBe() throws Exception {
        try (ConstraintCompiler compiler = compiler(TestShards.model())) {
            List<Future<CompiledGrammar>> grammars =
                    List.of(compiler.compile(expression("a+")), compiler.compile(expression("(a")));
            assertThat(compiled.tryAcquire(2, 30, TimeUnit.SECONDS)).isTrue();
            assertThat(grammars).allMatch(Future::isDone);
        }
    }

    @Test
    void aConstraintThatWasUsedLatelyIsNotCompiledAgain() throws Exception {
        try (ConstraintCompiler compiler = compiler(TestShards.model())) {
            Future<CompiledGrammar> first = compiler.compile(expression("a{1}"));
            compileOthers(compiler, "b", ConstraintCompiler.MOST_KEPT - 1);
            assertThat(compiler.compile(expression("a{1}"))).isSameAs(first);
            compileOthers(compiler, "c", ConstraintCompiler.MOST_KEPT - 1);
            assertThat(compiler.compile(expression("a{1}"))).isSameAs(first);
            compileOthers(compiler, "d", ConstraintCompiler.MOST_KEPT);
            assertThat(compiler.compile(expression("a{1}"))).isNotSameAs(first);
        }
    }

    @Test
    void aWrongConstraintIsTheClientsFaultAndSaysWhatIsWrong() throws Exception {
        try (ConstraintCompiler compiler = compiler(TestShards.model())) {
            assertRefused(compiler.compile(expression("(a")), Code.INVALID_ARGUMENT, "the constraint: ");
            assertRefused(
                    compiler.compile(Constraint.newBuilder().setJsonSchema("[").build()),
                    Code.INVALID_ARGUMENT,
                    "the constraint: ");
        }
    }

    @Test
    void aModelWithoutATokenizerCannotConstrain(@TempDir Path empty) throws Exception {
        StageModel model = TestShards.model();
        StageModel bare = new StageModel(model.name(), model.fingerprint(), model.architecture(), model.range(), empty);
        try (ConstraintCompiler compiler = compiler(bare)) {
            assertRefused(compiler.compile(expression("a")), Code.FAILED_PRECONDITION, "needs the model's tokenizer");
        }
    }

    @Test
    void aConstraintThatIsNestedWithoutBoundIsRefused() throws Exception {
        try (ConstraintCompiler compiler = compiler(TestShards.model())) {
            String deep = "(".repeat(100_000) + "a" + ")".repeat(100_000);
            assertRefused(compiler.compile(expression(deep)), Code.INVALID_ARGUMENT, "the constraint: ");
        }
    }

    @Test
    void nothingIsCompiledAfterTheEnd() {
        ConstraintCompiler compiler = compiler(TestShards.model());
        compiler.close();
        assertRefused(compiler.compile(expression("a")), Code.UNAVAILABLE, "being stopped");
        assertThat(compiled.tryAcquire()).isTrue();
    }

    @Test
    void aConstraintBeyondThoseThatMayWaitIsRefused() throws Exception {
        Semaphore blocked = new Semaphore(0);
        CountDownLatch first = new CountDownLatch(1);
        try (ConstraintCompiler compiler = new ConstraintCompiler(TestShards.model(), () -> {
            first.countDown();
            if (Thread.currentThread().getName().equals("tributary-constraints")) {
                blocked.acquireUninterruptibly();
            }
        })) {
            assertThat(compiler.compile(expression("first"))).isNotNull();
            assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();
            compileOthers(compiler, "b", ConstraintCompiler.MOST_WAITING);

            assertRefused(compiler.compile(expression("late")), Code.RESOURCE_EXHAUSTED, "wait to be compiled");

            blocked.release(ConstraintCompiler.MOST_WAITING + 2);
            Future<CompiledGrammar> again = compiler.compile(expression("late"));
            while (again.state() == Future.State.FAILED) {
                Thread.sleep(10);
                again = compiler.compile(expression("late"));
            }
            assertThat(again.get().start().complete()).isFalse();
        }
    }

    @Test
    void aTurnIsCompiledWhenItIsAskedForOnly() throws Exception {
        try (ConstraintCompiler compiler = compiler(TestShards.model())) {
            TurnGrammar grammar = new TurnGrammar(compiler, expression("(a"));
            assertThat(compiler.compile(expression("b")).get()).isNotNull();
            compiled.acquire();
            assertThat(grammar.problem()).isNull();
            assertThat(grammar.ready()).isFalse();

            grammar.request();

            compiled.acquire();
            assertThat(grammar.problem()).isNotNull();
        }
    }

    private static void compileOthers(ConstraintCompiler compiler, String letter, int count) throws Exception {
        for (int index = 1; index <= count; index++) {
            assertThat(compiler.compile(expression("%s{%d}".formatted(letter, index))))
                    .isNotNull();
        }
    }

    private ConstraintCompiler compiler(StageModel model) {
        return new ConstraintCompiler(model, compiled::release);
    }

    private static void assertRefused(Future<CompiledGrammar> grammar, Code code, String message) {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(grammar::get)
                .havingCause()
                .isInstanceOfSatisfying(
                        SessionRefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code))
                .withMessageContaining(message);
    }

    private static Constraint expression(String pattern) {
        return Constraint.newBuilder().setRegularExpression(pattern).build();
    }

    private static StageModel withArchitecture(StageModel model, Architecture architecture) {
        return new StageModel(model.name(), model.fingerprint(), architecture, model.range(), model.path());
    }

    private static Architecture withVocabulary(Architecture architecture, int size) {
        return new Architecture(
                size,
                architecture.width(),
                architecture.contextLength(),
                architecture.layers(),
                architecture.finalNormalization(),
                architecture.tiedUnembedding(),
                architecture.endOfTextIds(),
                architecture.beginningOfTextId());
    }
}
