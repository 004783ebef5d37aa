package org.slimquant.model;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.model.check.Shapes;

/**
 * A tensor several times one after the other along each axis.
 *
 * <pre>{@code
 * y[i, j, …] = x[i mod length0, j mod length1, …]
 * }</pre>
 *
 * @param name its name
 * @param input a tensor
 * @param repeats how many times it is there, for each axis without the batch, at least 1
 * @param output the larger tensor, of the input's format
 */
public record Tile(String name, IntegerTensor input, List<Integer> repeats, IntegerTensor output)
    implements IntegerOp {

  /**
   * Creates a tile.
   *
   * @throws IllegalArgumentException if shapes or formats do not fit together
   */
  public Tile {
    OpCheck check = OpCheck.of("Tile", name);
    repeats = List.copyOf(repeats);
    check.require(
        repeats.size() == input.rank(),
        "must have a number of repeats for each axis of its input %s, but has %s"
            .formatted(input, repeats));
    List<Integer> shape = new ArrayList<>();
    for (int axis = 0; axis < input.rank(); axis++) {
      long length = (long) input.shape().get(axis) * repeats.get(axis);
      check.require(
          repeats.get(axis) >= 1 && length <= Shapes.MAX_SIZE,
          "must have an output of 1 to %d elements along each axis, but has repeats %s of %s"
              .formatted(Shapes.MAX_SIZE, repeats, input));
      shape.add((int) length);
    }
    check.shape(shape, output);
    check.sameFormat(input, output);
  }

  @Override
  public List<IntegerTensor> inputs() {
    return List.of(input);
  }

  @Override
  public <T> T apply(OpCases<T> cases) {
    return cases.tile(this);
  }
}
