package org.slimquant.model.testing;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;

/**
 * The random models that a test wants.
 *
 * @param mostBits the most bits that a code has
 * @param input what they read, if that is not random
 * @param ops how many ops they have, if that is not random
 * @param weights what their layers compute with
 * @param accepted whether the last op of a model, which may become more, is wanted
 */
public record Variety(
    int mostBits,
    Optional<IntegerTensor> input,
    OptionalInt ops,
    Weights.Source weights,
    Predicate<IntegerModel> accepted) {

  /** Returns all that there are. */
  public static Variety any() {
    return ofBits(16);
  }

  /** Returns all whose codes have at most so many bits. */
  public static Variety ofBits(int mostBits) {
    return new Variety(
        mostBits, Optional.empty(), OptionalInt.empty(), AnyWeights::new, model -> true);
  }

  /** Returns those with this input and so many ops, of every kind some. */
  public Variety of(IntegerTensor tensor, int count) {
    return new Variety(mostBits, Optional.of(tensor), OptionalInt.of(count), weights, accepted);
  }

  /** Returns those whose layers have other weights. */
  public Variety with(Weights.Source others) {
    return new Variety(mostBits, input, ops, others, accepted);
  }

  /**
   * Returns those of these that pass a test, too.
   *
   * @param test is given a model for each op that is to be its last
   */
  public Variety accepting(Predicate<IntegerModel> test) {
    return new Variety(mostBits, input, ops, weights, accepted.and(test));
  }

  /** Returns those of these whose ops pass a test. */
  public Variety ofOps(Predicate<IntegerOp> test) {
    return accepting(model -> test.test(last(model.ops())));
  }

  private static IntegerOp last(List<IntegerOp> ops) {
    return ops.get(ops.size() - 1);
  }
}
