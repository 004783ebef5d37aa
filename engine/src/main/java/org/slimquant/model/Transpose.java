package org.slimquant.model;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A tensor with its axes in another order. The batch stays the first axis.
 *
 * <pre>{@code
 * y[i0, i1, …] = x[j0, j1, …]     with j(permutation(a)) = i(a)
 * }</pre>
 *
 * @param name its name
 * @param input a tensor
 * @param permutation for each axis of the output the axis of the input that it is, both without the
 *     batch: {@code [2, 0, 1]} puts the last axis first
 * @param output a tensor of the input's format
 */
public record Transpose(
    String name, IntegerTensor input, List<Integer> permutation, IntegerTensor output)
    implements IntegerOp {

  /**
   * Creates a transpose.
   *
   * @throws IllegalArgumentException if shapes or formats do not fit together
   */
  public Transpose {
    OpCheck check = OpCheck.of("Transpose", name);
    permutation = List.copyOf(permutation);
    check.require(
        permutation.stream().sorted().toList().equals(axes(input.rank())),
        "must have a permutation of the axes of its input %s, but has %s"
            .formatted(input, permutation));
    check.shape(permutation.stream().map(input.shape()::get).toList(), output);
    check.sameFormat(input, output);
  }

  private static List<Integer> axes(int rank) {
    return IntStream.range(0, rank).boxed().toList();
  }

  @Override
  public List<IntegerTensor> inputs() {
    return List.of(input);
  }

  @Override
  public <T> T apply(OpCases<T> cases) {
    return cases.transpose(this);
  }
}
