package org.slimquant.model;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.model.check.Shapes;

/**
 * Tensors one after the other along an axis. Every element is rounded once, from its tensor's grid
 * to the output's. Shifting it to a finer common grid first is exact and changes nothing.
 *
 * @param name its name
 * @param inputs one tensor or more, with the same shape except for the axis
 * @param axis the axis, counted from 0 without the batch
 * @param range the codes to which the output is clamped
 * @param output as long along the axis as the inputs together
 */
public record Concat(
    String name, List<IntegerTensor> inputs, int axis, CodeRange range, IntegerTensor output)
    implements IntegerOp {

  /**
   * Creates a concat.
   *
   * @throws IllegalArgumentException if shapes or formats do not fit together
   */
  public Concat {
    OpCheck check = OpCheck.of("Concat", name);
    inputs = List.copyOf(inputs);
    check.require(!inputs.isEmpty(), "must have an input, but has none");
    IntegerTensor first = inputs.get(0);
    check.require(
        axis >= 0 && axis < first.rank(),
        "must have an axis of its inputs %s, but has axis %d".formatted(first, axis));
    long length = 0;
    for (IntegerTensor input : inputs) {
      check.require(
          input.rank() == first.rank()
              && withLength(input.shape(), axis, 1).equals(withLength(first.shape(), axis, 1)),
          "must have inputs that are alike but for axis %d, but has %s and %s"
              .formatted(axis, first, input));
      length += input.shape().get(axis);
    }
    check.require(
        length <= Shapes.MAX_SIZE,
        "must have an output of at most %d elements, but has %d along axis %d"
            .formatted(Shapes.MAX_SIZE, length, axis));
    check.shape(withLength(first.shape(), axis, (int) length), output);
    check.range(range, output);
  }

  @Override
  public <T> T apply(OpCases<T> cases) {
    return cases.concat(this);
  }

  private static List<Integer> withLength(List<Integer> shape, int axis, int length) {
    List<Integer> changed = new ArrayList<>(shape);
    changed.set(axis, length);
    return changed;
  }
}
