package org.slimquant.deploy.compile.refusals;

import static org.slimquant.deploy.testing.RefusedGraph.assertCompiles;
import static org.slimquant.deploy.testing.RefusedGraph.assertRefused;
import static org.slimquant.deploy.testing.RefusedGraph.assertRemedy;
import static org.slimquant.deploy.testing.RefusedGraph.quantizedImages;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Sums and concatenations that integers do not have, or not inside of a layer. */
final class JoinRefusalsTest {

  @Test
  void joinedBatches() {
    assertRemedy("join along another axis", graph -> joined(graph, 0));
    assertCompiles(graph -> joined(graph, 1), "Requantize", "Concat");
  }

  private static Operand<TFloat32> joined(QuantizedGraph graph, int axis) {
    return graph.layer(
        "joined",
        quantizedImages(graph),
        x -> graph.tf.concat(List.of(x, x), graph.tf.constant(axis)));
  }

  @Test
  void sumsOfTwoShapes() {
    assertRemedy(
        "reshape the one of shape [6, 2] to [-1, 1, 6, 2], so that the batch stays the first axis of both",
        graph ->
            graph.layer(
                "sum",
                quantizedImages(graph),
                x -> graph.tf.math.add(x, graph.tf.max(x, graph.tf.array(1)))));
    assertCompiles(
        graph -> graph.layer("sum", quantizedImages(graph), x -> graph.tf.math.add(x, x)),
        "Requantize",
        "Add");
  }

  @Test
  void joinsWithinALayer() {
    assertRefused(
        graph ->
            graph.layer(
                "first", graph.images, x -> graph.relu(graph.tf.math.add(graph.conv(x), x))),
        "Conv2d (Conv2D): its output, which Add (Add) reads, has no format; let a @QuantInt8 method of its own return it");
  }

  @Test
  void aJoinInALayer() {
    assertRemedy(
        "let a @QuantInt8 method of its own return it",
        graph ->
            graph.layer(
                "first", graph.images, x -> graph.relu(graph.tf.math.add(graph.conv(x), x))));
    assertCompiles(
        graph -> {
          Operand<TFloat32> x = quantizedImages(graph);
          Operand<TFloat32> branch = graph.layer("branch", x, graph::conv);
          return graph.layer("sum", branch, in -> graph.relu(graph.tf.math.add(in, x)));
        },
        "Requantize",
        "Conv2D",
        "Add");
  }
}
