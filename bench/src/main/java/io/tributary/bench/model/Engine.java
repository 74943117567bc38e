package io.tributary.bench.model;

/** Something that runs a model and can be timed. For one thread. */
interface Engine extends AutoCloseable {
    /** What it is called in a table. */
    String name();

    /** Which build it is. */
    String version();

    /**
     * Runs the workload once.
     *
     * @throws io.tributary.bench.BenchException when the engine fails
     */
    Round measure(Workload workload);

    @Override
    void close();
}
