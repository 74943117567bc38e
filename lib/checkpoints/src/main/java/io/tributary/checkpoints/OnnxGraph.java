package io.tributary.checkpoints;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The graph of an ONNX model: its operations, initialisers and constants. Source: onnx.proto of github.com/onnx/onnx.
 *
 * @param nodes in the order of the file
 * @param initializers by name
 * @param constants values of constants, by the names of their outputs
 */
record OnnxGraph(List<OnnxNode> nodes, Map<String, OnnxTensor> initializers, Map<String, OnnxTensor> constants) {
    private static final int MAXIMAL_NODES = 1 << 18;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Reads the graph of a ModelProto. */
    static OnnxGraph read(OnnxCursor model) {
        for (int field = model.next(); field != 0; field = model.next()) {
            if (field == 7) {
                return readGraph(model.message());
            }
        }
        throw model.malformed("there is no graph: this is no ONNX model");
    }

    private static OnnxGraph readGraph(OnnxCursor graph) {
        OnnxGraph read = new OnnxGraph(new ArrayList<>(), new HashMap<>(), new HashMap<>());
        for (int field = graph.next(); field != 0; field = graph.next()) {
            switch (field) {
                case 1 -> read.addNode(graph.message());
                case 5 -> read.add(read.initializers, graph, OnnxTensor.read(graph.message()));
                default -> {}
            }
        }
        return read;
    }

    private void addNode(OnnxCursor fields) {
        String operator = "";
        String name = "";
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        @Nullable OnnxTensor value = null;
        for (int field = fields.next(); field != 0; field = fields.next()) {
            switch (field) {
                case 1 -> inputs.add(fields.text());
                case 2 -> outputs.add(fields.text());
                case 3 -> name = fields.text();
                case 4 -> operator = fields.text();
                case 5 -> value = value == null ? tensorOf(fields.message()) : value;
                default -> {}
            }
        }
        if (nodes.size() == MAXIMAL_NODES) {
            throw fields.malformed("there are more than " + MAXIMAL_NODES + " nodes");
        }
        nodes.add(new OnnxNode(operator, name, inputs, outputs));
        if (operator.equals("Constant") && outputs.size() == 1 && value != null) {
            OnnxTensor named =
                    new OnnxTensor(outputs.getFirst(), value.type(), value.shape(), value.data(), value.offset());
            add(constants, fields, named);
        }
    }

    /** The tensor of an AttributeProto; null if it is of another kind. */
    private static @Nullable OnnxTensor tensorOf(OnnxCursor attribute) {
        for (int field = attribute.next(); field != 0; field = attribute.next()) {
            if (field == 5) {
                return OnnxTensor.read(attribute.message());
            }
        }
        return null;
    }

    private void add(Map<String, OnnxTensor> tensors, OnnxCursor place, OnnxTensor tensor) {
        if (tensors.size() == TensorDirectory.MAXIMAL_TENSORS) {
            throw place.malformed("there are more than " + TensorDirectory.MAXIMAL_TENSORS + " tensors");
        }
        if (tensors.putIfAbsent(tensor.name(), tensor) != null) {
            throw place.malformed("the tensor '" + tensor.name() + "' is declared twice");
        }
    }

    /** The one integer that a value is; empty if it is no constant, or not one integer. */
    OptionalLong integer(String value) {
        @Nullable OnnxTensor tensor = constant(value, OnnxTensor.INT64, Long.BYTES);
        return tensor == null
                ? OptionalLong.empty()
                : OptionalLong.of(tensor.data().get(LONG, 0));
    }

    /** The one float that a value is; empty if it is no constant, or not one float. */
    OptionalDouble real(String value) {
        @Nullable OnnxTensor tensor = constant(value, OnnxTensor.FLOAT, Float.BYTES);
        return tensor == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(tensor.data().get(FLOAT, 0));
    }

    /** The constant of that name, type and length; null if there is none. */
    private @Nullable OnnxTensor constant(String value, int type, long bytes) {
        @Nullable OnnxTensor constant = constants.get(value);
        @Nullable OnnxTensor found = constant == null ? initializers.get(value) : constant;
        boolean fits = found != null && found.type() == type && found.data().byteSize() == bytes;
        return fits ? found : null;
    }
}
