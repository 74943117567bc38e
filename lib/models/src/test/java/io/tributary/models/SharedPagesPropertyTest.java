package io.tributary.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.kernels.KeyValueType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever sequences share, each has the bits of one that shares nothing, and every page is accounted for. */
class SharedPagesPropertyTest {
    private static final int ROUNDS = 400;
    private static final int PAGES = 14;
    private static final int POSITIONS = 400;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<Member> members = new ArrayList<>();
    private final List<int[]> prompts = new ArrayList<>();

    @TempDir
    Path directory;

    /** An open sequence, its tokens, and whether it tells the cache of them. */
    private record Member(SequenceState sequence, List<Integer> tokens, boolean remembers) {
        int[] array() {
            return tokens.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRandomTreeOfForksAndAdoptionsHasTheBitsOfFreshSequences(KeyValueType type) {
        try (TinyStage tiny = new TinyStage(directory, type, PAGES)) {
            for (int round = 0; round < ROUNDS; round++) {
                String where = type + ", seed " + seed + ", round " + round;
                try {
                    step(tiny, where);
                } catch (KeyValueExhaustedException full) {
                    closeOne();
                }
                assertAccounts(tiny, where);
            }
            while (!members.isEmpty()) {
                closeOne();
            }
            assertThat(tiny.use().usedPages()).isZero();
            tiny.stage().prefixCache().clear();
            assertThat(tiny.use())
                    .isEqualTo(new KeyValueUse(0, 0, 0, PAGES, tiny.use().pageBytes()));
            try (SequenceState all = tiny.stage().open(PAGES * 64)) {
                tiny.run(all, TinyStage.tokens(seed, PAGES * 64));
                assertThat(tiny.use().freePages()).isZero();
            }
        }
    }

    private void step(TinyStage tiny, String where) {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> open(tiny, where);
            case 3, 4 -> fork(tiny);
            case 5 -> closeOne();
            case 6 -> clearSometimes(tiny);
            default -> goOn(tiny, where);
        }
    }

    private void open(TinyStage tiny, String where) {
        Member member = new Member(tiny.stage().open(POSITIONS), new ArrayList<>(), random.nextInt(4) > 0);
        members.add(member);
        int[] prompt = prompt();
        int adopted = 0;
        if (random.nextInt(5) > 0) {
            adopted = tiny.stage().prefixCache().adopt(member.sequence(), prompt, random.nextInt(prompt.length));
        }
        assertThat(adopted % 64).as(where).isZero();
        Arrays.stream(prompt, 0, adopted).forEach(member.tokens()::add);
        run(tiny, member, Arrays.copyOfRange(prompt, adopted, prompt.length), where);
    }

    /** Begins as an earlier one did, or is new. */
    private int[] prompt() {
        int[] prompt = random.ints(1 + random.nextInt(250), 0, 131).toArray();
        if (!prompts.isEmpty() && random.nextInt(8) > 0) {
            int[] earlier = prompts.get(random.nextInt(prompts.size()));
            int shared = Math.min(prompt.length - 1, random.nextInt(1 + earlier.length));
            System.arraycopy(earlier, 0, prompt, 0, shared);
        }
        prompts.add(prompt);
        return prompt;
    }

    private void fork(TinyStage tiny) {
        if (!members.isEmpty()) {
            Member source = any();
            int positions = random.nextInt(1 + source.sequence().positions());
            SequenceState fork = tiny.stage().fork(source.sequence(), positions, POSITIONS);
            List<Integer> tokens = new ArrayList<>(source.tokens().subList(0, positions));
            members.add(new Member(fork, tokens, source.remembers() && random.nextBoolean()));
        }
    }

    private void goOn(TinyStage tiny, String where) {
        if (!members.isEmpty()) {
            Member member = any();
            int most = Math.min(90, POSITIONS - member.sequence().positions());
            if (most > 0) {
                int count = random.nextBoolean() ? 1 : 1 + random.nextInt(most);
                run(tiny, member, random.ints(count, 0, 131).toArray(), where);
            }
        }
    }

    private void run(TinyStage tiny, Member member, int[] tokens, String where) {
        int first = member.sequence().positions();
        int[] bits = tiny.run(member.sequence(), tokens);
        Arrays.stream(tokens).forEach(member.tokens()::add);
        assertThat(bits).as(where).isEqualTo(tiny.expected(POSITIONS, member.array()));
        if (member.remembers()) {
            tiny.stage().prefixCache().remember(member.sequence(), first, tokens);
        }
    }

    private void clearSometimes(TinyStage tiny) {
        if (random.nextInt(3) == 0) {
            tiny.stage().prefixCache().clear();
        }
    }

    private void closeOne() {
        if (!members.isEmpty()) {
            SequenceState closing =
                    members.remove(random.nextInt(members.size())).sequence();
            closing.close();
            closing.close();
        }
    }

    private Member any() {
        return members.get(random.nextInt(members.size()));
    }

    private void assertAccounts(TinyStage tiny, String where) {
        Map<Long, Integer> holders = new HashMap<>();
        for (Member member : members) {
            MemorySegment[] pages = member.sequence().pages(0);
            for (int page = 0; page < Math.ceilDiv(member.sequence().positions(), 64); page++) {
                holders.merge(pages[page].address(), 1, Integer::sum);
            }
        }
        KeyValueUse use = tiny.use();
        assertThat(use.usedPages()).as(where).isEqualTo(holders.size());
        assertThat(use.sharedPages())
                .as(where)
                .isEqualTo(holders.values().stream().filter(count -> count > 1).count());
        assertThat(use.cachedPages()).as(where).isBetween(0, use.freePages());
    }
}
