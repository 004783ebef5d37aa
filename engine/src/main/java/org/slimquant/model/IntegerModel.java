package org.slimquant.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slimquant.io.ProtobufVersion;

/**
 * A network in integers: a list of ops over tensors of codes, in the order in which they are
 * computed.
 *
 * <p>Every model is sound: every tensor is computed before it is read, shapes and formats fit, and
 * every code is one of its format.
 *
 * @param name the model's name
 * @param inputs the inputs of the model, at least one; each is read by an op
 * @param outputs the outputs of the model, at least one: inputs or outputs of ops, each once
 * @param ops the ops, at least one
 */
public record IntegerModel(
    String name, List<IntegerTensor> inputs, List<IntegerTensor> outputs, List<IntegerOp> ops) {

  /**
   * Creates a model.
   *
   * @throws IllegalArgumentException if there is no input, no output or no op, if two ops or two
   *     tensors have the same name, if an op reads a tensor that no earlier op has computed, if no
   *     op reads an input, or if an output is listed twice
   */
  public IntegerModel {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    ops = List.copyOf(ops);
    ModelCheck.check(name, inputs, outputs, ops);
  }

  /**
   * Creates a model with one input and one output.
   *
   * @throws IllegalArgumentException as for several
   */
  public IntegerModel(String name, IntegerTensor input, IntegerTensor output, List<IntegerOp> ops) {
    this(name, List.of(input), List.of(output), ops);
  }

  /**
   * Returns the input of a model with one.
   *
   * @throws IllegalStateException if there are several; {@link #inputs} returns them
   */
  public IntegerTensor input() {
    return only(inputs, "input");
  }

  /**
   * Returns the output of a model with one.
   *
   * @throws IllegalStateException if there are several; {@link #outputs} returns them
   */
  public IntegerTensor output() {
    return only(outputs, "output");
  }

  private IntegerTensor only(List<IntegerTensor> tensors, String what) {
    if (tensors.size() > 1) {
      throw new IllegalStateException(
          "model %s must have one %s for %s(), but has %s; call %ss()"
              .formatted(name, what, what, names(tensors, IntegerTensor::name), what));
    }
    return tensors.get(0);
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

  /** Returns all tensors: the inputs, then the output of each op. */
  public List<IntegerTensor> tensors() {
    List<IntegerTensor> tensors = new ArrayList<>(inputs);
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

  /** Returns the model as a table with a row for each input and each op. */
  @Override
  public String toString() {
    return ModelTable.of(this);
  }
}
