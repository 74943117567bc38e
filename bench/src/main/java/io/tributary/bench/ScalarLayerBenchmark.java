package io.tributary.bench;

import org.openjdk.jmh.annotations.Fork;

/** The scalar kernels of a layer. */
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dtributary.kernels.path=scalar"
        })
public class ScalarLayerBenchmark extends LayerBenchmark {}
