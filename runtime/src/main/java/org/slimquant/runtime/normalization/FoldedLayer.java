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
 * @param output the output of the layer
 * @param operations the ops that were added
 */
public record FoldedLayer(
    Edge kernel, Edge quantized, Output<?> output, List<GraphOperation> operations) {

  public FoldedLayer {
    operations = List.copyOf(operations);
  }

  /** Returns a layer without a normalization. */
  static FoldedLayer unchanged(Edge kernel, Output<?> output) {
    return new FoldedLayer(kernel, kernel, output, List.of());
  }
}
