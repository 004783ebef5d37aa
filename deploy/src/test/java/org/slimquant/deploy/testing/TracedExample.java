package org.slimquant.deploy.testing;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.model.Codes;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;

/**
 * A model, what it is given, and what the engine computes.
 *
 * @param model the model
 * @param input the codes of a batch
 * @param codes those of each tensor, by its name
 */
public record TracedExample(IntegerModel model, Codes input, Map<String, int[]> codes) {

  /** Returns the example of a model and a batch. */
  public static TracedExample of(IntegerModel model, int[] input) {
    return new TracedExample(model, Codes.of(input), IntegerEngine.of(model).trace(input));
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
