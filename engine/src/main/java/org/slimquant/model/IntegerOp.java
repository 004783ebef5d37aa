package org.slimquant.model;

import java.util.List;

/**
 * One step of an integer model: computes a tensor of codes from others.
 *
 * <p>Where an op leaves the grid of its inputs it rounds once. With {@code v} the exact real number
 * that the op computes and {@code 2^d} the output's step, the output's code is
 *
 * <pre>{@code
 * y = clamp(floor(v / 2^d + 1/2))
 * }</pre>
 *
 * clamped to the op's {@link CodeRange}. For a number {@code a * 2^e} on a grid (an accumulator, a
 * code) that is, with the shift {@code s = d - e},
 *
 * <pre>{@code
 * y = clamp((a + 2^(s-1)) >> s)    s > 0, arithmetic shift
 * y = clamp(a << -s)               s <= 0
 * }</pre>
 *
 * in integers that are wide enough for any {@code a} and {@code s}.
 */
public sealed interface IntegerOp
    permits WeightedOp, MaxPool, AveragePool, Add, Concat, Pad, Reshape, Requantize {

  /** Returns the op's name, as in the graph that the model comes from. */
  String name();

  /** Returns the tensors that the op reads. */
  List<IntegerTensor> inputs();

  /** Returns the tensor that the op computes. */
  IntegerTensor output();

  /**
   * Returns the codes that the output is clamped to: all of its format, unless the op says less.
   */
  default CodeRange range() {
    return CodeRange.all(output().format());
  }

  /** Returns what the case for this kind of op returns. */
  <T> T apply(OpCases<T> cases);

  /** Returns what kind of op this is, as it is written in tables: {@code Conv2D}. */
  default String type() {
    return getClass().getSimpleName();
  }
}
