package org.slimquant.model;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.model.check.Shapes;

/**
 * A tensor with a code around it, mostly 0.
 *
 * @param name its name
 * @param input a tensor
 * @param before the codes before the first element, for each axis without the batch
 * @param after the codes after the last element, for each axis
 * @param code the code around the tensor
 * @param output the larger tensor, of the input's format
 */
public record Pad(
    String name,
    IntegerTensor input,
    List<Integer> before,
    List<Integer> after,
    int code,
    IntegerTensor output)
    implements IntegerOp {

  /**
   * Creates a pad with zeros.
   *
   * @throws IllegalArgumentException if shapes or formats do not fit together
   */
  public Pad(
      String name,
      IntegerTensor input,
      List<Integer> before,
      List<Integer> after,
      IntegerTensor output) {
    this(name, input, before, after, 0, output);
  }

  /**
   * Creates a pad.
   *
   * @throws IllegalArgumentException if shapes or formats do not fit together
   */
  public Pad {
    OpCheck check = OpCheck.of("Pad", name);
    before = List.copyOf(before);
    after = List.copyOf(after);
    check.require(
        before.size() == input.rank() && after.size() == input.rank(),
        "must have a padding for each axis of its input %s, but has %s and %s"
            .formatted(input, before, after));
    List<Integer> shape = new ArrayList<>();
    for (int axis = 0; axis < input.rank(); axis++) {
      long length = (long) input.shape().get(axis) + before.get(axis) + after.get(axis);
      check.require(
          before.get(axis) >= 0 && after.get(axis) >= 0 && length <= Shapes.MAX_SIZE,
          "must have paddings between 0 and %d, but has %s and %s"
              .formatted(Shapes.MAX_SIZE, before, after));
      shape.add((int) length);
    }
    check.shape(shape, output);
    check.sameFormat(input, output);
    check.require(
        new CodeRange(code, code).within(output.format()),
        "must pad with a code of its output %s, but pads with %d".formatted(output, code));
  }

  @Override
  public List<IntegerTensor> inputs() {
    return List.of(input);
  }

  @Override
  public <T> T apply(OpCases<T> cases) {
    return cases.pad(this);
  }
}
