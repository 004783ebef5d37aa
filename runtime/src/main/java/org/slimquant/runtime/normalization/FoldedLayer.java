package org.slimquant.runtime.normalization;

import java.util.List;
import org.slimquant.runtime.graph.Edge;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/**
 * A layer whose normalization is folded, or a layer as it was if it has none.
 *
 * @param kernel the edge of the kernel op; its source is the tensor to quantize
 * @param quantized the edge that reads this tensor. In training, ops between it and the kernel op
 *     divide the kernel by the scale that it was multiplied with
 * @param outputs the outputs of the layer
 * @param operations the ops that were added
 */
public record FoldedLayer(
    Edge kernel, Edge quantized, List<Output<?>> outputs, List<GraphOperation> operations) {

  public FoldedLayer {
    outputs = List.copyOf(outputs);
    operations = List.copyOf(operations);
  }

  /** Returns a layer without a normalization. */
  static FoldedLayer unchanged(Edge kernel, List<Output<?>> outputs) {
    return new FoldedLayer(kernel, kernel, outputs, List.of());
  }

  /**
   * Returns outputs of which one may be the normalization's result, which another tensor is now.
   */
  static List<Output<?>> replace(List<Output<?>> outputs, Output<?> before, Output<?> now) {
    return outputs.stream().<Output<?>>map(o -> o.equals(before) ? now : o).toList();
  }
}
