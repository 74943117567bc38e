package io.tributary.bench.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.bench.machine.MachineDescription;
import java.util.Map;

/** The figures as one JSON object. Rates are in tokens, bytes or operations a second; `peer` is null without one. */
final class JsonReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonReport() {}

    static ObjectNode of(ModelFigures figures) {
        Workload workload = figures.workload();
        ObjectNode report = JSON.createObjectNode()
                .put("model", figures.model())
                .put("threads", workload.threads())
                .put("prompt", workload.prompt())
                .put("generate", workload.generate())
                .put("repetitions", figures.repetitions())
                .put("seconds_to_first_token", figures.firstToken().seconds())
                .put("packing_cache", figures.firstToken().packing().temperature());
        putRates(report, figures.ours());
        report.put("share_of_bandwidth", figures.shareOfBandwidth()).put("share_of_peak", figures.shareOfPeak());
        report.set(
                "ratio_to_peer", figures.ratioToPeer().map(JsonReport::ratios).orElse(null));
        report.set("peer", figures.peer().map(JsonReport::peer).orElse(null));
        report.set("limits", limits(figures.limits()));
        report.putObject("weights")
                .put("bytes_per_decoded_token", figures.traffic().decodeBytes())
                .put("multiply_adds_per_prompt_token", figures.traffic().prefillMultiplyAdds());
        report.set("machine", machine(figures.machine()));
        return report;
    }

    private static void putRates(ObjectNode target, EngineFigures figures) {
        target.set("decode", rates(figures.decode()));
        target.set("prefill", rates(figures.prefill()));
        ObjectNode parallel = target.putObject("parallel");
        figures.parallel().forEach((sequences, rates) -> parallel.set(sequences.toString(), rates(rates)));
    }

    private static ObjectNode rates(Rates rates) {
        return JSON.createObjectNode()
                .put("min", rates.minimum())
                .put("median", rates.median())
                .put("max", rates.maximum());
    }

    private static ObjectNode ratios(ModelFigures.Ratios ratios) {
        ObjectNode node = JSON.createObjectNode().put("decode", ratios.decode()).put("prefill", ratios.prefill());
        ObjectNode parallel = node.putObject("parallel");
        for (Map.Entry<Integer, Double> ratio : ratios.parallel().entrySet()) {
            parallel.put(ratio.getKey().toString(), ratio.getValue());
        }
        return node;
    }

    private static ObjectNode peer(EngineFigures figures) {
        ObjectNode node = JSON.createObjectNode().put("name", figures.name()).put("version", figures.version());
        putRates(node, figures);
        return node;
    }

    private static ObjectNode limits(ModelFigures.Limits limits) {
        ObjectNode node = JSON.createObjectNode();
        node.set("read_bytes_per_second", rates(limits.readRate()));
        node.set("operations_per_second", rates(limits.arithmeticRate()));
        return node;
    }

    private static ObjectNode machine(MachineDescription machine) {
        return JSON.createObjectNode()
                .put("processor", machine.processor())
                .put("cores", machine.cores())
                .put("java", machine.java());
    }
}
