package org.slimquant.model;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slimquant.model.check.Names;

/** Checks that a model is sound. The error message names the model. */
final class ModelCheck {

  private final String name;
  private final Map<String, IntegerTensor> made = new LinkedHashMap<>();

  private ModelCheck(String name) {
    this.name = name;
  }

  /**
   * Checks the parts of a model. Each op has checked itself.
   *
   * @throws IllegalArgumentException if they are not sound together
   */
  static void check(
      String name, List<IntegerTensor> inputs, List<IntegerTensor> outputs, List<IntegerOp> ops) {
    Names.check(name, "a model");
    ModelCheck check = new ModelCheck(name);
    require(!ops.isEmpty(), "model %s must have an op, but has none".formatted(name));
    require(!inputs.isEmpty(), "model %s must have an input, but has none".formatted(name));
    require(!outputs.isEmpty(), "model %s must have an output, but has none".formatted(name));
    inputs.forEach(check::make);
    check.ops(ops);
    check.inputsAreRead(inputs, ops);
    check.outputs(outputs);
  }

  private void ops(List<IntegerOp> ops) {
    Set<String> names = new HashSet<>();
    for (IntegerOp op : ops) {
      require(
          names.add(op.name()),
          "the ops of model %s must have names of their own, but two are called %s"
              .formatted(name, op.name()));
      op.inputs().forEach(read -> read(read, "op " + op.name()));
      make(op.output());
    }
  }

  private void inputsAreRead(List<IntegerTensor> inputs, List<IntegerOp> ops) {
    Set<IntegerTensor> unread = new HashSet<>(inputs);
    ops.forEach(op -> op.inputs().forEach(unread::remove));
    inputs.stream()
        .filter(unread::contains)
        .findFirst()
        .ifPresent(
            input ->
                require(
                    false,
                    "every input of model %s must be read by an op, but %s is not; leave it out"
                        .formatted(name, input.name())));
  }

  private void outputs(List<IntegerTensor> outputs) {
    Set<IntegerTensor> listed = new HashSet<>();
    for (IntegerTensor output : outputs) {
      read(output, "model " + name);
      require(
          listed.add(output),
          "the outputs of model %s must be different tensors, but %s is listed twice; list it once"
              .formatted(name, output.name()));
    }
  }

  private void make(IntegerTensor tensor) {
    require(
        made.putIfAbsent(tensor.name(), tensor) == null,
        "the tensors of model %s must have names of their own, but two are called %s"
            .formatted(name, tensor.name()));
  }

  private void read(IntegerTensor read, String reader) {
    IntegerTensor tensor = made.get(read.name());
    if (tensor == null) {
      throw new IllegalArgumentException(
          "%s must read tensors that were computed before, but reads %s".formatted(reader, read));
    }
    require(
        tensor.equals(read),
        "%s must read tensor %s as it was computed, %s, but reads it as %s"
            .formatted(reader, read.name(), tensor, read));
  }

  private static void require(boolean holds, String error) {
    if (!holds) {
      throw new IllegalArgumentException(error);
    }
  }
}
