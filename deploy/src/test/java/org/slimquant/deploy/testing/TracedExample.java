package org.slimquant.deploy.testing;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;

/**
 * A model, what it is given, and what the engine computes.
 *
 * @param model the model
 * @param inputs the codes of a batch of each input, by its name
 * @param codes those of each tensor, by its name
 */
public record TracedExample(
    IntegerModel model, Map<String, int[]> inputs, Map<String, int[]> codes) {

  /** Returns the example of a model and a batch. */
  public static TracedExample of(IntegerModel model, Map<String, int[]> inputs) {
    List<String> tensors = model.tensors().stream().map(IntegerTensor::name).toList();
    return new TracedExample(model, inputs, IntegerEngine.of(model).trace(inputs, tensors));
  }

  /** Returns the codes of an input. */
  public int[] input(IntegerTensor input) {
    return inputs.getOrDefault(input.name(), new int[0]);
  }

  /** Returns the number of examples in the batch. */
  public int examples() {
    IntegerTensor first = model.inputs().get(0);
    return input(first).length / first.size();
  }

  /** Returns how many codes the ops compute. */
  public long outputs() {
    return model.ops().stream().mapToLong(op -> computed(op).length).sum();
  }

  /** Returns the names of the ops whose outputs are not the engine's in another trace. */
  public List<String> differing(Map<String, int[]> trace) {
    return model.ops().stream()
        .filter(op -> !Arrays.equals(computed(op), trace.get(op.output().name())))
        .map(IntegerOp::name)
        .toList();
  }

  private int[] computed(IntegerOp op) {
    int[] computed = codes.get(op.output().name());
    if (computed == null) {
      throw new AssertionError(op.name() + " must be computed by the engine");
    }
    return computed;
  }
}
