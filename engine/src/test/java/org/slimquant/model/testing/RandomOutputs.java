package org.slimquant.model.testing;

import java.util.List;
import java.util.Random;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Window;

/** The names, shapes and activations of the outputs of random ops. */
final class RandomOutputs {

  private final Random random;
  private final List<IntegerTensor> tensors;

  RandomOutputs(Random random, List<IntegerTensor> tensors) {
    this.random = random;
    this.tensors = tensors;
  }

  String name(String kind) {
    return kind + tensors.size();
  }

  IntegerTensor tensor(List<Integer> shape, FixedPoint format) {
    return new IntegerTensor("block/tensor" + tensors.size() + ":0", shape, format);
  }

  CodeRange range(IntegerTensor output) {
    return switch (random.nextInt(4)) {
      case 0 -> CodeRange.relu(output.format());
      case 1 -> CodeRange.relu6(output.format());
      default -> CodeRange.all(output.format());
    };
  }

  static List<Integer> slide(Window window, IntegerTensor input, int channels) {
    return List.of(
        window.outputRows(input.shape().get(0)),
        window.outputColumns(input.shape().get(1)),
        channels);
  }
}
