package io.tributary.grammars;

import io.tributary.grammars.StateCache.State;

/** Finds the tokens that may follow a state, by a walk through the vocabulary's tree beside the automaton. */
final class MaskWalk {
    private final Automaton automaton;
    private final TokenVocabulary vocabulary;
    private final StateCache cache;
    private final Work work;

    MaskWalk(Automaton automaton, TokenVocabulary vocabulary, StateCache cache, Work work) {
        this.automaton = automaton;
        this.vocabulary = vocabulary;
        this.cache = cache;
        this.work = work;
    }

    /** The tokens that may follow, end-of-text tokens left out. */
    long[] from(State start) {
        long[] mask = new long[(vocabulary.size() + 63) / 64];
        ByteClasses classes = automaton.classes();
        State[] path = new State[vocabulary.longest() + 1];
        path[0] = start;
        int node = 0;
        while (node < vocabulary.nodes()) {
            int depth = vocabulary.depthOf(node);
            State next = cache.next(path[depth], classes.of(vocabulary.byteOf(node)), work);
            if (next == cache.dead()) {
                node = vocabulary.endOf(node);
            } else {
                path[depth + 1] = next;
                vocabulary.allow(node, mask);
                node++;
            }
        }
        return mask;
    }
}
