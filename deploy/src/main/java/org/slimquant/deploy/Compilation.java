package org.slimquant.deploy;

import java.util.List;
import org.slimquant.model.IntegerModel;

/**
 * An integer model, and the ops of the graph that are not in it.
 *
 * @param model the model
 * @param outside the ops after the model's outputs that stay with the caller, such as a Softmax:
 *     for each output, in order, the first of them first
 */
public record Compilation(IntegerModel model, List<OutsideOp> outside) {

  /**
   * An op that stays with the caller.
   *
   * @param name its name in the graph
   * @param type its type in TensorFlow: {@code Softmax}
   */
  public record OutsideOp(String name, String type) {}

  /** Creates a compilation. */
  public Compilation {
    outside = List.copyOf(outside);
  }

  /** Returns the model as a table, and a line for each op that is not in it. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(model.toString());
    for (OutsideOp op : outside) {
      text.append(
          "\n%s (%s) is not in the model: it stays with the caller"
              .formatted(op.name(), op.type()));
    }
    return text.toString();
  }
}
