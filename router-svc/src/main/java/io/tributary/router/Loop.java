package io.tributary.router;

/** The one thread on which the state of a router lives: tasks run one after another, in the order in which they are due. */
interface Loop {
    /** Nanoseconds from an arbitrary origin. */
    long now();

    /** Runs a task behind those that are due already. Callable from any thread; after the end nothing happens. */
    void execute(Runnable task);

    /**
     * Runs a task later.
     *
     * @param delay nanoseconds; a task that is due already runs behind those that are
     */
    Timer after(long delay, Runnable task);

    /** A task that is to run later. */
    interface Timer {
        /** Lets the task not run, if it has not yet. */
        void cancel();
    }
}
