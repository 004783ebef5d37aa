package org.slimquant.deploy.compile.match;

import java.util.List;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Attributes;
import org.slimquant.deploy.compile.graph.RefusedException;
import org.slimquant.model.Padding;
import org.slimquant.model.Window;

/** Reads the window of a convolution or a pooling. */
final class Windows {

  private Windows() {}

  /**
   * Checks that a node has its channels after rows and columns.
   *
   * @throws RefusedException if it has another order
   */
  static void requireChannelsLast(Node node) {
    String format = node.attributes().text("data_format");
    if (!format.equals("NHWC")) {
      throw new RefusedException(
          node, "it has the data format %s".formatted(format), "build the model with NHWC");
    }
  }

  /** Returns the window of a convolution. */
  static Window convolution(FusedOp fused, int height, int width) {
    return of(fused, height, width, fused.root().attributes().numbers("strides"));
  }

  /** Returns the window of a pooling over {@code [1, rows, columns, 1]}. */
  static Window pool(FusedOp fused, List<Long> sizes, List<Long> strides) {
    if (sizes.size() != 4 || sizes.get(0) != 1 || sizes.get(3) != 1) {
      throw new RefusedException(
          fused.root(),
          "it pools %s, more than rows and columns".formatted(sizes),
          "pool over [1, rows, columns, 1]");
    }
    return of(fused, side(sizes, 1), side(sizes, 2), strides);
  }

  /**
   * Returns the refusal of a reduction that is not a window: see {@code SlideReductions}.
   *
   * @param reduces the verb for the reduction, as in "it averages"
   * @param reduce the reduction to use instead
   */
  static RefusedException noWindow(FusedOp fused, String reduces, String reduce) {
    return new RefusedException(
        fused.root(),
        "it %s examples of shape %s over the axes %s"
            .formatted(
                reduces, fused.shape(fused.rootInput(0)), fused.literal(1, "axes").integers()),
        "%s over axes that lie side by side, behind the batch, one layer for each of two that do not"
            .formatted(reduce));
  }

  private static Window of(FusedOp fused, int height, int width, List<Long> strides) {
    Node node = fused.root();
    Attributes attributes = node.attributes();
    List<Long> dilations = attributes.numbers("dilations");
    List<Integer> image = fused.shape(fused.rootInput(0));
    if (image.size() != 3 || strides.size() != 4 || strides.get(0) != 1 || strides.get(3) != 1) {
      throw new RefusedException(
          node,
          "its window slides over more than rows and columns: strides %s over examples of shape %s"
              .formatted(strides, image),
          "use strides [1, down, across, 1]");
    }
    Window window =
        Window.of(height, width)
            .withStrides(side(strides, 1), side(strides, 2))
            .withDilations(
                dilations.isEmpty() ? 1 : side(dilations, 1),
                dilations.isEmpty() ? 1 : side(dilations, 2));
    return switch (attributes.text("padding")) {
      case "SAME" -> window.withSamePadding(image.get(0), image.get(1));
      case "EXPLICIT" -> window.withPadding(explicit(attributes.numbers("explicit_paddings")));
      default -> window;
    };
  }

  /** The paddings of rows and columns are at 2 to 5, before and after each. */
  private static Padding explicit(List<Long> paddings) {
    return new Padding(side(paddings, 2), side(paddings, 3), side(paddings, 4), side(paddings, 5));
  }

  private static int side(List<Long> numbers, int place) {
    return Math.toIntExact(numbers.get(place));
  }
}
