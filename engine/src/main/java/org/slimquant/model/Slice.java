package org.slimquant.model;

import java.util.List;

/**
 * Some of a tensor's elements at equal distances along each axis: a part of it, every second
 * element, or the elements in reverse.
 *
 * <pre>{@code
 * y[i, j, …] = x[begin0 + i * stride0, begin1 + j * stride1, …]
 * }</pre>
 *
 * @param name its name
 * @param input a tensor
 * @param begin the index of the first element, for each axis without the batch
 * @param stride the distance from an element to the next, for each axis: negative for the reverse
 *     order, never 0
 * @param output a tensor of the input's format, whose elements are all in the input
 */
public record Slice(
    String name,
    IntegerTensor input,
    List<Integer> begin,
    List<Integer> stride,
    IntegerTensor output)
    implements IntegerOp {

  /**
   * Creates a slice.
   *
   * @throws IllegalArgumentException if shapes or formats do not fit together
   */
  public Slice {
    OpCheck check = OpCheck.of("Slice", name);
    begin = List.copyOf(begin);
    stride = List.copyOf(stride);
    int rank = input.rank();
    check.require(
        begin.size() == rank && stride.size() == rank,
        "must have a begin and a stride for each axis of its input %s, but has %s and %s"
            .formatted(input, begin, stride));
    check.rank(rank, output);
    for (int axis = 0; axis < rank; axis++) {
      check.require(
          stride.get(axis) != 0,
          "must have strides other than 0, but has %s; use a Tile to repeat elements"
              .formatted(stride));
      long first = begin.get(axis);
      long last = first + (output.shape().get(axis) - 1L) * stride.get(axis);
      int length = input.shape().get(axis);
      check.require(
          0 <= first && first < length && 0 <= last && last < length,
          "must have elements of its input %s, but has those from %d to %d along axis %d"
              .formatted(input, first, last, axis));
    }
    check.sameFormat(input, output);
  }

  @Override
  public List<IntegerTensor> inputs() {
    return List.of(input);
  }

  @Override
  public <T> T apply(OpCases<T> cases) {
    return cases.slice(this);
  }
}
