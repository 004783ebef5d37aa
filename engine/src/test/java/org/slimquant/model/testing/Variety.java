package org.slimquant.model.testing;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;

/**
 * A description of the random models that a test needs.
 *
 * @param mostBits the largest number of bits of a code
 * @param input the input of the models, if it is not random
 * @param ops the number of their ops, if it is not random
 * @param manyEnds whether they may have several inputs and outputs
 * @param weights the source of their layers' weights
 * @param accepted tells whether the last op of a model is accepted; the model may get more ops
 *     later
 */
public record Variety(
    int mostBits,
    Optional<IntegerTensor> input,
    OptionalInt ops,
    boolean manyEnds,
    Weights.Source weights,
    Predicate<IntegerModel> accepted) {

  /** Returns all models. */
  public static Variety any() {
    return ofBits(16);
  }

  /** Returns all models whose codes have at most this number of bits. */
  public static Variety ofBits(int mostBits) {
    return new Variety(
        mostBits, Optional.empty(), OptionalInt.empty(), false, AnyWeights::new, model -> true);
  }

  /** Returns the models with this input and this number of ops, with some of every kind. */
  public Variety of(IntegerTensor tensor, int count) {
    return new Variety(
        mostBits, Optional.of(tensor), OptionalInt.of(count), manyEnds, weights, accepted);
  }

  /** Returns the models with one to three inputs and outputs. */
  public Variety withManyEnds() {
    return new Variety(mostBits, input, ops, true, weights, accepted);
  }

  /** Returns the models with another source of weights. */
  public Variety with(Weights.Source others) {
    return new Variety(mostBits, input, ops, manyEnds, others, accepted);
  }

  /**
   * Returns those of these models that also pass a test.
   *
   * @param test gets, for each op, the model that ends with this op
   */
  public Variety accepting(Predicate<IntegerModel> test) {
    return new Variety(mostBits, input, ops, manyEnds, weights, accepted.and(test));
  }

  /** Returns those of these models whose ops pass a test. */
  public Variety ofOps(Predicate<IntegerOp> test) {
    return accepting(model -> test.test(last(model.ops())));
  }

  private static IntegerOp last(List<IntegerOp> ops) {
    return ops.get(ops.size() - 1);
  }
}
