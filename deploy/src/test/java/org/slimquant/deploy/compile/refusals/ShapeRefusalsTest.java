package org.slimquant.deploy.compile.refusals;

import static org.slimquant.deploy.testing.RefusedGraph.assertCompiles;
import static org.slimquant.deploy.testing.RefusedGraph.assertRemedy;
import static org.slimquant.deploy.testing.RefusedGraph.quantizedImages;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Paddings and reshapes that do not leave the batch alone. */
final class ShapeRefusalsTest {

  @Test
  void paddings() {
    assertRemedy("pad with a multiple of 2^", graph -> padded(graph, 0.3f, 0));
    assertRemedy("pad the axes behind it", graph -> padded(graph, 0, 1));
    assertCompiles(graph -> padded(graph, 0, 0), "Requantize", "Pad");
    assertCompiles(graph -> padded(graph, 1.5f, 0), "Requantize", "Pad");
  }

  private static Operand<TFloat32> padded(QuantizedGraph graph, float value, int batch) {
    return graph.tf.pad(
        quantizedImages(graph),
        graph.tf.constant(new int[][] {{batch, 0}, {1, 0}, {0, 2}, {0, 0}}),
        graph.tf.constant(value));
  }

  @Test
  void aShapeWithoutTheBatch() {
    assertRemedy(
        "let the first axis stay the batch: reshape to [-1, 72]",
        graph -> graph.tf.shape.flatten(quantizedImages(graph)));
    assertCompiles(
        graph -> graph.tf.reshape(quantizedImages(graph), graph.tf.array(-1, 72)),
        "Requantize",
        "Reshape");
  }

  @Test
  void aShapeThatDependsOnTheBatch() {
    assertRemedy(
        "let the batch stay the first axis",
        graph ->
            graph.tf.reshape(
                quantizedImages(graph),
                graph.tf.concat(
                    List.of(
                        graph.tf.array(72),
                        graph.tf.slice(
                            graph.tf.shape(graph.images), graph.tf.array(0), graph.tf.array(1))),
                    graph.tf.constant(0))));
  }
}
