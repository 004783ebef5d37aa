package org.slimquant.model;

import java.util.List;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.check.Names;
import org.slimquant.model.check.Shapes;

/**
 * A tensor of codes.
 *
 * @param name its name, as in the graph that the model comes from
 * @param shape its dimensions without the batch: {@code [height, width, channels]} for images.
 *     Every tensor of a model has the batch as an axis before these dimensions
 * @param format the format of its codes
 */
public record IntegerTensor(String name, List<Integer> shape, FixedPoint format) {

  /**
   * Creates a tensor.
   *
   * @throws IllegalArgumentException if the name is empty, a dimension not positive, or if it has
   *     more than 2^28 elements
   */
  public IntegerTensor {
    Names.check(name, "a tensor");
    shape = List.copyOf(shape);
    Shapes.size(shape, "tensor " + name);
  }

  /** Returns the number of codes for each example of a batch. */
  public int size() {
    return Shapes.size(shape, name);
  }

  /** Returns the number of dimensions without the batch. */
  public int rank() {
    return shape.size();
  }

  /** Returns the tensor in the form of tables: {@code relu [8, 8, 16] int8 * 2^-5}. */
  @Override
  public String toString() {
    return "%s %s %s".formatted(name, shape, format);
  }
}
