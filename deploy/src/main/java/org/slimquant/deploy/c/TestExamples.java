package org.slimquant.deploy.c;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;

/**
 * The inputs of a test program, and the codes of all tensors for them as {@link IntegerEngine}
 * computes them.
 *
 * @param count the number of inputs
 * @param codes the codes by the tensor's name, one input after the other
 */
record TestExamples(int count, Map<String, int[]> codes) {

  private static final int MOST_EXAMPLES = 4;
  private static final int MOST_CODES = 1 << 18;

  /** Runs a model. */
  static TestExamples of(IntegerModel model) {
    long codes = model.tensors().stream().mapToLong(IntegerTensor::size).sum();
    int examples = (int) Math.max(1, Math.min(MOST_EXAMPLES, MOST_CODES / codes));
    Random random = new Random(0);
    Map<String, int[]> inputs = new LinkedHashMap<>();
    for (IntegerTensor input : model.inputs()) {
      inputs.put(input.name(), inputs(input, examples, random));
    }
    return new TestExamples(
        examples,
        IntegerEngine.of(model)
            .trace(inputs, model.tensors().stream().map(IntegerTensor::name).toList()));
  }

  /** Returns the codes of a tensor. */
  int[] of(IntegerTensor tensor) {
    return codes.getOrDefault(tensor.name(), new int[0]);
  }

  /** Returns random codes, the largest everywhere, the smallest everywhere, and only extremes. */
  private static int[] inputs(IntegerTensor input, int examples, Random random) {
    FixedPoint format = input.format();
    int size = input.size();
    int[] inputs = new int[examples * size];
    for (int i = 0; i < inputs.length; i++) {
      int min = format.minCode();
      int max = format.maxCode();
      inputs[i] =
          switch (i / size) {
            case 0 -> min + random.nextInt(max - min + 1);
            case 1 -> max;
            case 2 -> min;
            default -> random.nextBoolean() ? min : max;
          };
    }
    return inputs;
  }
}
