package org.slimquant.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slimquant.io.ProtobufVersion;
import org.slimquant.model.check.Names;

/**
 * A network in integers: a list of ops over tensors of codes, in the order in which they are
 * computed.
 *
 * <p>Every model is sound: every tensor is computed before it is read, shapes and formats fit, and
 * every code is one of its format.
 *
 * @param name the model's name
 * @param input the input of the model
 * @param output the output of the model: the input or the output of an op
 * @param ops the ops, at least one
 */
public record IntegerModel(
    String name, IntegerTensor input, IntegerTensor output, List<IntegerOp> ops) {

  /**
   * Creates a model.
   *
   * @throws IllegalArgumentException if there is no op, if two ops or two tensors have the same
   *     name, or if an op reads a tensor that no earlier op has computed
   */
  public IntegerModel {
    Names.check(name, "a model");
    ops = List.copyOf(ops);
    if (ops.isEmpty()) {
      throw new IllegalArgumentException("model %s must have an op, but has none".formatted(name));
    }
    Map<String, IntegerTensor> tensors = new LinkedHashMap<>();
    Map<String, IntegerOp> named = new LinkedHashMap<>();
    tensors.put(input.name(), input);
    for (IntegerOp op : ops) {
      if (named.putIfAbsent(op.name(), op) != null) {
        throw new IllegalArgumentException(
            "the ops of model %s must have names of their own, but two are called %s"
                .formatted(name, op.name()));
      }
      for (IntegerTensor read : op.inputs()) {
        checkMade(read, tensors, "op " + op.name());
      }
      if (tensors.putIfAbsent(op.output().name(), op.output()) != null) {
        throw new IllegalArgumentException(
            "the tensors of model %s must have names of their own, but two are called %s"
                .formatted(name, op.output().name()));
      }
    }
    checkMade(output, tensors, "model " + name);
  }

  private static void checkMade(
      IntegerTensor read, Map<String, IntegerTensor> tensors, String reader) {
    IntegerTensor made = tensors.get(read.name());
    if (made == null) {
      throw new IllegalArgumentException(
          "%s must read tensors that were computed before, but reads %s".formatted(reader, read));
    }
    if (!made.equals(read)) {
      throw new IllegalArgumentException(
          "%s must read tensor %s as it was computed, %s, but reads it as %s"
              .formatted(reader, read.name(), made, read));
    }
  }

  /**
   * Returns the model in a file, within {@link ModelLimits#DEFAULT}.
   *
   * @throws ModelFormatException if the file is not a model, is damaged, is newer than this version
   *     reads, or exceeds the limits; the message has file and reason
   * @throws IllegalStateException if protobuf-java is older than 3.25: see {@link ProtobufVersion}
   * @throws IOException if the file cannot be read
   */
  public static IntegerModel read(Path file) throws IOException {
    return read(file, ModelLimits.DEFAULT);
  }

  /**
   * Returns the model in a file.
   *
   * @param limits the limits of the file and the model
   * @throws ModelFormatException if the file is not a model, is damaged, is newer than this version
   *     reads, or exceeds the limits; the message has file and reason
   * @throws IllegalStateException if protobuf-java is older than 3.25: see {@link ProtobufVersion}
   * @throws IOException if the file cannot be read
   */
  public static IntegerModel read(Path file, ModelLimits limits) throws IOException {
    ProtobufVersion.require();
    return ModelReader.read(file, limits);
  }

  /**
   * Writes the model to a file in protobuf's binary format, the same bytes for the same model. An
   * existing file is replaced in one step; if that fails, it does not change. A missing folder is
   * created.
   *
   * @throws IllegalArgumentException if the kernels have more than 2^29 bytes
   * @throws IllegalStateException if protobuf-java is older than 3.25: see {@link ProtobufVersion}
   * @throws IOException if the file cannot be written
   */
  public void write(Path file) throws IOException {
    ProtobufVersion.require();
    ModelWriter.write(this, file);
  }

  /** Returns all tensors: the input, then the output of each op. */
  public List<IntegerTensor> tensors() {
    List<IntegerTensor> tensors = new ArrayList<>();
    tensors.add(input);
    ops.forEach(op -> tensors.add(op.output()));
    return List.copyOf(tensors);
  }

  /**
   * Returns the tensor with this name.
   *
   * @throws NoSuchElementException if there is none
   */
  public IntegerTensor tensor(String tensor) {
    return tensors().stream()
        .filter(candidate -> candidate.name().equals(tensor))
        .findFirst()
        .orElseThrow(
            () ->
                new NoSuchElementException(
                    "tensor %s must be one of model %s, but it has %s"
                        .formatted(tensor, name, names(tensors(), IntegerTensor::name))));
  }

  /** Returns the ops with weights, whose kernels and biases can be read. */
  public List<WeightedOp> layers() {
    return ops.stream().filter(WeightedOp.class::isInstance).map(WeightedOp.class::cast).toList();
  }

  /**
   * Returns the op with weights that has this name.
   *
   * @throws NoSuchElementException if there is none
   */
  public WeightedOp layer(String layer) {
    return layers().stream()
        .filter(candidate -> candidate.name().equals(layer))
        .findFirst()
        .orElseThrow(
            () ->
                new NoSuchElementException(
                    "layer %s must be an op with weights of model %s, but it has %s"
                        .formatted(layer, name, names(layers(), WeightedOp::name))));
  }

  private static <T> String names(List<T> all, Function<T, String> name) {
    return all.stream().map(name).collect(Collectors.joining(", "));
  }

  /** Returns the model as a table with a row for its input and one for each op. */
  @Override
  public String toString() {
    return ModelTable.of(this);
  }
}
