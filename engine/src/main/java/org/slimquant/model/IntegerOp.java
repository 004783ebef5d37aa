package org.slimquant.model;

import java.util.List;

/**
 * One step of an integer model. It computes a tensor of codes from others.
 *
 * <p>An op that leaves the grid of its inputs rounds once. With {@code v} the exact real number
 * that the op computes and {@code 2^d} the output's step, the output's code is
 *
 * <pre>{@code
 * y = clamp(floor(v / 2^d + 1/2))
 * }</pre>
 *
 * clamped to the op's {@link CodeRange}. For a number {@code a * 2^e} on a grid (an accumulator, a
 * code) this is, with the shift {@code s = d - e},
 *
 * <pre>{@code
 * y = clamp((a + 2^(s-1)) >> s)    s > 0, arithmetic shift
 * y = clamp(a << -s)               s <= 0
 * }</pre>
 *
 * in integers that are wide enough for any {@code a} and {@code s}.
 */
public sealed interface IntegerOp
    permits WeightedOp,
        BinaryOp,
        MatMul,
        MaxPool,
        AveragePool,
        Concat,
        Pad,
        Slice,
        Transpose,
        Tile,
        Reshape,
        Requantize,
        Table,
        LeakyRelu {

  /** Returns the op's name, as in the graph that the model comes from. */
  String name();

  /** Returns the tensors that the op reads. */
  List<IntegerTensor> inputs();

  /** Returns the tensor that the op computes. */
  IntegerTensor output();

  /**
   * Returns the codes to which the output is clamped: all codes of its format, unless the op has a
   * smaller range.
   */
  default CodeRange range() {
    return CodeRange.all(output().format());
  }

  /** Returns the result of the case for this kind of op. */
  <T> T apply(OpCases<T> cases);

  /** Returns the kind of op in the form of tables: {@code Conv2D}. */
  default String type() {
    return getClass().getSimpleName();
  }
}
