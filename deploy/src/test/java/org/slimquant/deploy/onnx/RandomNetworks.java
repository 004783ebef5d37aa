package org.slimquant.deploy.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.Add;
import org.slimquant.model.AveragePool;
import org.slimquant.model.BinaryOp;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Dense;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.model.Reshape;
import org.slimquant.model.WeightedOp;
import org.slimquant.model.analysis.SumBounds;
import org.slimquant.model.testing.RandomModel;
import org.slimquant.model.testing.Variety;

/** Random networks that ONNX's integer ops can compute. */
public final class RandomNetworks {

  private static final long LARGEST_SUM = 1L << 28;
  private static final int FARTHEST_INPUTS = 18;
  private static final int FARTHEST_MEAN = 6;

  private RandomNetworks() {}

  /** Returns the network of a seed, of any ops. */
  static IntegerModel of(long seed) {
    IntegerModel model = RandomModel.of(seed, computed(Variety.ofBits(8)));
    // In a file of ONNX the output cannot be the input.
    IntegerTensor output =
        model.output().equals(model.input())
            ? model.ops().get(model.ops().size() - 1).output()
            : model.output();
    return new IntegerModel(model.name(), model.input(), output, model.ops());
  }

  /** Returns the network of a seed, with several inputs and outputs. */
  static IntegerModel manyEnds(long seed) {
    IntegerModel model = RandomModel.of(seed, computed(Variety.ofBits(8).withManyEnds()));
    List<IntegerTensor> outputs =
        model.outputs().stream().filter(output -> !model.inputs().contains(output)).toList();
    return new IntegerModel(
        model.name(),
        model.inputs(),
        outputs.isEmpty() ? List.of(model.ops().get(0).output()) : outputs,
        model.ops());
  }

  /** Returns those models of a variety, of at most 8 bits, that ONNX's integer ops can compute. */
  public static Variety computed(Variety variety) {
    return variety.ofOps(RandomNetworks::isComputed);
  }

  private static boolean isComputed(IntegerOp op) {
    if (op instanceof WeightedOp layer) {
      return Arrays.stream(SumBounds.magnitudes(layer)).allMatch(bound -> bound < LARGEST_SUM);
    } else if (op instanceof BinaryOp binary && binary.kind() != BinaryOp.Kind.MULTIPLY) {
      return apart(binary.left(), binary.right()) <= FARTHEST_INPUTS;
    } else if (op instanceof AveragePool pool) {
      return apart(pool.input(), pool.output()) <= FARTHEST_MEAN;
    }
    return true;
  }

  private static int apart(IntegerTensor left, IntegerTensor right) {
    return Math.abs(left.format().frac() - right.format().frac());
  }

  /**
   * Returns a network that flattens an image and reads it by a dense layer and otherwise. Nothing
   * is rounded.
   */
  static IntegerModel flattened(long seed) {
    Random random = new Random(seed);
    FixedPoint format = FixedPoint.signed(8, -5);
    List<Integer> shape = random.ints(3, 1, 6).boxed().toList();
    IntegerTensor image = new IntegerTensor("image", shape, format);
    IntegerTensor flat = new IntegerTensor("flat", List.of(image.size()), format);
    IntegerTensor sum = new IntegerTensor("sum", flat.shape(), format);
    IntegerTensor output = new IntegerTensor("output", List.of(7), format);
    int[] weights = random.ints(7L * image.size(), -1, 2).toArray();
    return new IntegerModel(
        "flattened",
        image,
        seed % 2 == 0 ? output : sum,
        List.of(
            new Reshape("reshape", image, flat),
            new Add("add", flat, flat, CodeRange.relu(format), sum),
            new Dense(
                "dense",
                flat,
                Kernel.of(List.of(image.size(), 7), FixedPoint.signed(2, 0), weights),
                Codes.zeros(7),
                CodeRange.relu(format),
                output)));
  }
}
