package io.tributary.chaos.mesh;

import java.util.Collection;
import java.util.function.ToLongFunction;

/**
 * What a process takes; of several, each time the most that one of them takes. -1 stands for what is not known.
 *
 * @param heapBytes used by objects, garbage included
 * @param residentBytes of memory, as the operating system counts
 * @param openFiles file descriptors
 * @param threads of the operating system
 */
public record ProcessFigures(long heapBytes, long residentBytes, long openFiles, long threads) {
    /** What is known of a process that has ended. */
    static final ProcessFigures UNKNOWN = new ProcessFigures(-1, -1, -1, -1);

    /** The most of each. */
    public static ProcessFigures mostOf(Collection<ProcessFigures> figures) {
        return new ProcessFigures(
                most(figures, ProcessFigures::heapBytes),
                most(figures, ProcessFigures::residentBytes),
                most(figures, ProcessFigures::openFiles),
                most(figures, ProcessFigures::threads));
    }

    private static long most(Collection<ProcessFigures> figures, ToLongFunction<ProcessFigures> figure) {
        return figures.stream().mapToLong(figure).max().orElse(-1);
    }
}
