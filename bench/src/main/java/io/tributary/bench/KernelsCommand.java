package io.tributary.bench;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** `tributary bench kernels`: the kernels, by JMH. */
@Command(
        name = "kernels",
        description =
                "Measures the matrix product for each weight type and what else a layer computes, after checking results"
                        + " against plain loops."
                        + " Arguments behind -- go to JMH, which then prints its own table only.")
final class KernelsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "JMH", description = "Arguments of JMH, like MatMulBenchmark -p type=Q8_0 -p tokens=1.")
    String[] arguments = {};

    @Override
    public Integer call() throws RunnerException, IOException {
        if (arguments.length == 0) {
            KernelBenchmarks.main(arguments);
        } else {
            Main.main(arguments);
        }
        return 0;
    }
}
