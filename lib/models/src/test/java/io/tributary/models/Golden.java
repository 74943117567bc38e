package io.tributary.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.checkpoints.SafetensorsFile;
import io.tributary.checkpoints.StoredTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** Inputs and expected results that another implementation computed; its README says which. */
public final class Golden implements AutoCloseable {
    private final Path directory;
    private final SafetensorsFile inputs;
    private final SafetensorsFile expected;
    private final JsonNode tolerances;

    public Golden(String name) {
        try {
            URL resource = Objects.requireNonNull(Golden.class.getResource("/goldens/" + name), name);
            directory = Path.of(resource.toURI());
            tolerances = new ObjectMapper()
                    .readTree(directory.resolve("tolerance.json").toFile())
                    .path("tensors");
        } catch (URISyntaxException failure) {
            throw new IllegalStateException(failure);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        inputs = SafetensorsFile.open(directory.resolve("inputs.safetensors"));
        expected = SafetensorsFile.open(directory.resolve("expected.safetensors"));
    }

    public Path directory() {
        return directory;
    }

    /** The tensors of model.safetensors under other names. */
    public List<StoredTensor> weights(UnaryOperator<String> rename) {
        try (SafetensorsFile file = SafetensorsFile.open(directory.resolve("model.safetensors"))) {
            return file.tensorNames().stream()
                    .map(file::require)
                    .map(tensor -> StoredTensor.ofFloats(
                            rename.apply(tensor.name()),
                            tensor.shape(),
                            tensor.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)))
                    .toList();
        }
    }

    public float[] inputFloats(String name) {
        return inputs.require(name).data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    public int[] inputIds(String name) {
        return inputs.require(name).data().toArray(ValueLayout.JAVA_INT_UNALIGNED);
    }

    public float[] floats(String name) {
        return expected.require(name).data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    public int[] ids(String name) {
        return expected.require(name).data().toArray(ValueLayout.JAVA_INT_UNALIGNED);
    }

    /** The last extent of an expected tensor. */
    public int columns(String name) {
        StoredTensor tensor = expected.require(name);
        return Math.toIntExact(tensor.shape().getLast());
    }

    public float tolerance(String name) {
        return (float) tolerances.path(name).path("suggested_atol").doubleValue();
    }

    @Override
    public void close() {
        inputs.close();
        expected.close();
    }
}
