package org.slimquant.model.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.slimquant.model.Add;
import org.slimquant.model.BinaryOp;
import org.slimquant.model.CodeRange;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MatMul;
import org.slimquant.model.Maximum;
import org.slimquant.model.Minimum;
import org.slimquant.model.Multiply;
import org.slimquant.model.Subtract;

/** Ops of two tensors of any kind, some of them broadcast. */
final class RandomBinaryOps {

  private static final int FARTHEST_INPUTS = 32;
  private static final int FINEST = -20;

  /** The bits by which a product's usual output is coarser than the product. */
  private static final int USUAL_PRODUCT_SHIFT = 7;

  private final Random random;
  private final List<IntegerTensor> tensors;
  private final RandomFormats formats;
  private final RandomOutputs outputs;

  RandomBinaryOps(
      Random random, List<IntegerTensor> tensors, RandomFormats formats, RandomOutputs outputs) {
    this.random = random;
    this.tensors = tensors;
    this.formats = formats;
    this.outputs = outputs;
  }

  /** Returns an op of a tensor and another one, or of a tensor twice. */
  BinaryOp op(IntegerTensor input) {
    BinaryOp.Kind kind =
        List.of(BinaryOp.Kind.values()).get(random.nextInt(BinaryOp.Kind.values().length));
    List<IntegerTensor> fitting =
        tensors.stream()
            .filter(tensor -> fits(tensor.shape(), input.shape()))
            .filter(tensor -> kind == BinaryOp.Kind.MULTIPLY || near(tensor, input))
            .toList();
    // Broadcasting is rare among the tensors of a model.
    List<IntegerTensor> others =
        fitting.stream().filter(tensor -> !tensor.shape().equals(input.shape())).toList();
    IntegerTensor other = any(others.isEmpty() || random.nextBoolean() ? fitting : others);
    boolean swapped = random.nextBoolean();
    IntegerTensor left = swapped ? other : input;
    IntegerTensor right = swapped ? input : other;
    List<Integer> shape =
        IntStream.range(0, input.rank())
            .mapToObj(axis -> Math.max(left.shape().get(axis), right.shape().get(axis)))
            .toList();
    int exponent =
        kind == BinaryOp.Kind.MULTIPLY
            ? left.format().frac() + right.format().frac() + USUAL_PRODUCT_SHIFT
            : input.format().frac();
    IntegerTensor output = outputs.tensor(shape, formats.near(exponent, FINEST));
    String name = outputs.name(kind.name().toLowerCase(Locale.ROOT));
    CodeRange range = outputs.range(output);
    return switch (kind) {
      case ADD -> new Add(name, left, right, range, output);
      case SUBTRACT -> new Subtract(name, left, right, range, output);
      case MULTIPLY -> new Multiply(name, left, right, range, output);
      case MAXIMUM -> new Maximum(name, left, right, range, output);
      case MINIMUM -> new Minimum(name, left, right, range, output);
    };
  }

  /** Returns a product of the matrices of a tensor and of another one, or of the same. */
  MatMul matMul(IntegerTensor left) {
    int rank = left.rank();
    boolean transposesLeft = random.nextBoolean();
    int rows = left.shape().get(transposesLeft ? rank - 1 : rank - 2);
    int depth = left.shape().get(transposesLeft ? rank - 2 : rank - 1);
    List<Integer> outer = left.shape().subList(0, rank - 2);
    List<IntegerTensor> fitting =
        tensors.stream()
            .filter(tensor -> tensor.rank() == rank)
            .filter(tensor -> tensor.shape().subList(0, rank - 2).equals(outer))
            .filter(tensor -> tensor.shape().subList(rank - 2, rank).contains(depth))
            .toList();
    IntegerTensor right = any(fitting);
    boolean square = right.shape().get(rank - 2).equals(right.shape().get(rank - 1));
    boolean transposesRight = square ? random.nextBoolean() : right.shape().get(rank - 2) != depth;
    List<Integer> shape = new ArrayList<>(outer);
    shape.add(rows);
    shape.add(right.shape().get(transposesRight ? rank - 2 : rank - 1));
    int exponent = left.format().frac() + right.format().frac() + USUAL_PRODUCT_SHIFT;
    IntegerTensor output = outputs.tensor(shape, formats.near(exponent, FINEST));
    return new MatMul(
        outputs.name("matmul"),
        left,
        right,
        transposesLeft,
        transposesRight,
        outputs.range(output),
        output);
  }

  private static boolean fits(List<Integer> shape, List<Integer> other) {
    return shape.size() == other.size()
        && IntStream.range(0, shape.size())
            .allMatch(
                axis ->
                    shape.get(axis).equals(other.get(axis))
                        || shape.get(axis) == 1
                        || other.get(axis) == 1);
  }

  private static boolean near(IntegerTensor left, IntegerTensor right) {
    return Math.abs(left.format().frac() - right.format().frac()) <= FARTHEST_INPUTS;
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
