package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static org.slimquant.deploy.testing.SameCodes.SEED;
import static org.slimquant.deploy.testing.SameCodes.assertSame;

import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.op.core.StridedSlice;
import org.tensorflow.op.core.Unstack;
import org.tensorflow.op.image.ResizeNearestNeighbor;
import org.tensorflow.types.TFloat32;

/** Ops that move elements: their codes against TensorFlow's. */
final class CompiledMovementsTest {

  @Test
  void slices() {
    assertMoves((tf, x) -> tf.slice(x, tf.array(0, 1, 2, 0), tf.array(-1, 3, -1, 2)), "Slice");
    assertMoves((tf, x) -> tf.slice(x, tf.array(0, 0, 0, 0), tf.array(-1, -1, -1, -1)), "Reshape");
    assertMoves((tf, x) -> tf.reverse(x, tf.array(1, -1)), "Slice", "Slice");
  }

  /** {@code x[:, 4:0:-2, 1:, ::3]}, with and without masks. */
  @Test
  void stridedSlices() {
    int all = Integer.MAX_VALUE;
    assertMoves(
        (tf, x) ->
            tf.stridedSlice(
                x, tf.array(0, 4, 1, 0), tf.array(all, 0, -1, 99), tf.array(1, -2, 1, 3)),
        "Slice");
    assertMoves(
        (tf, x) ->
            tf.stridedSlice(
                x,
                tf.array(0, 5, 1),
                tf.array(0, 5, 1),
                tf.array(1, -1, 2),
                StridedSlice.beginMask(0b11L),
                StridedSlice.endMask(0b111L)),
        "Slice");
  }

  /** {@code x[:, 2, ..., newaxis, 1:2]} and {@code x[..., -1]}. */
  @Test
  void indicesAndNewAxes() {
    assertMoves(
        (tf, x) ->
            tf.stridedSlice(
                x,
                tf.array(0, 2, 0, 0, 1),
                tf.array(0, 3, 0, 0, 2),
                tf.array(1, 1, 1, 1, 1),
                StridedSlice.beginMask(1L),
                StridedSlice.endMask(1L),
                StridedSlice.shrinkAxisMask(0b10L),
                StridedSlice.ellipsisMask(0b100L),
                StridedSlice.newAxisMask(0b1000L)),
        "Slice",
        "Reshape");
    assertMoves(
        (tf, x) ->
            tf.stridedSlice(
                x,
                tf.array(0, -1),
                tf.array(0, 0),
                tf.array(1, 1),
                StridedSlice.ellipsisMask(1L),
                StridedSlice.shrinkAxisMask(2L)),
        "Slice",
        "Reshape");
  }

  @Test
  void splits() {
    assertMovesCodes(
        (tf, x) -> {
          List<Operand<TFloat32>> parts = List.copyOf(tf.split(tf.constant(3), x, 2L).output());
          return tf.concat(List.of(parts.get(1), parts.get(0)), tf.constant(3));
        },
        "Slice",
        "Slice",
        "Concat");
    assertMovesCodes(
        (tf, x) -> {
          List<Operand<TFloat32>> parts =
              List.copyOf(tf.splitV(x, tf.array(1, -1, 2), tf.constant(-2), 3L).output());
          return tf.concat(List.of(parts.get(2), parts.get(0)), tf.constant(2));
        },
        "Slice",
        "Slice",
        "Concat");
  }

  @Test
  void unstackedAndStacked() {
    assertMovesCodes(
        (tf, x) -> {
          List<Operand<TFloat32>> rows = List.copyOf(tf.unstack(x, 6L, Unstack.axis(1L)).output());
          return tf.stack(List.of(rows.get(5), rows.get(0), rows.get(3)), Stack.axis(-2L));
        },
        "Slice",
        "Reshape",
        "Reshape",
        "Slice",
        "Reshape",
        "Reshape",
        "Slice",
        "Reshape",
        "Reshape",
        "Concat");
  }

  @Test
  void transposesAndTiles() {
    assertMoves((tf, x) -> tf.linalg.transpose(x, tf.array(0, 3, 1, 2)), "Transpose");
    assertMoves((tf, x) -> tf.tile(x, tf.array(1, 2, 1, 3)), "Tile");
    assertMoves(
        (tf, x) ->
            tf.broadcastTo(
                tf.slice(x, tf.array(0, 2, 0, 0), tf.array(-1, 1, -1, -1)),
                tf.concat(
                    List.of(tf.slice(tf.shape(x), tf.array(0), tf.array(1)), tf.array(4, 5, 4)),
                    tf.constant(0))),
        "Slice",
        "Tile");
  }

  @Test
  void blocks() {
    assertMoves((tf, x) -> tf.nn.depthToSpace(x, 2L), "Reshape", "Transpose", "Reshape");
    assertMoves(
        (tf, x) ->
            tf.nn.spaceToDepth(tf.slice(x, tf.array(0, 0, 1, 0), tf.array(-1, -1, -1, -1)), 2L),
        "Slice",
        "Reshape",
        "Transpose",
        "Reshape");
  }

  /** Whole factors, with every spelling of the places of pixels that has regular rows. */
  @Test
  void nearestNeighbors() {
    for (int factor : new int[] {2, 3, 7}) {
      for (boolean centers : new boolean[] {false, true}) {
        assertMoves(
            (tf, x) ->
                tf.image.resizeNearestNeighbor(
                    x, tf.array(6 * factor, 5), ResizeNearestNeighbor.halfPixelCenters(centers)),
            "Reshape",
            "Tile",
            "Reshape");
      }
    }
    assertMoves((tf, x) -> tf.image.resizeNearestNeighbor(x, tf.array(3, 5)), "Slice");
    assertMoves(
        (tf, x) ->
            tf.image.resizeNearestNeighbor(
                x, tf.array(2, 3), ResizeNearestNeighbor.alignCorners(true)),
        "Slice",
        "Slice");
  }

  @Test
  void mirrorPads() {
    for (String mode : List.of("REFLECT", "SYMMETRIC")) {
      assertMoves(
          (tf, x) ->
              tf.mirrorPad(x, tf.constant(new int[][] {{0, 0}, {2, 1}, {0, 3}, {0, 0}}), mode),
          "Slice",
          "Slice",
          "Concat",
          "Slice",
          "Concat");
    }
  }

  /** In the layer that computes something, before its fake quant, and after the layer. */
  private static void assertMoves(
      BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> movement, String... ops) {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 6, 5, 3)) {
      assertCompiles(
          graph,
          graph.layer(
              "layer",
              graph.images,
              x -> graph.relu(movement.apply(graph.tf, graph.addBias(graph.conv(x, 4))))),
          ops);
    }
    assertMovesCodes(movement, ops);
  }

  /** After the layer that computes something. */
  private static void assertMovesCodes(
      BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> movement, String... ops) {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 6, 5, 3)) {
      assertCompiles(graph, movement.apply(graph.tf, graph.conv("layer", graph.images, 4)), ops);
    }
  }

  private static void assertCompiles(
      QuantizedGraph graph, Operand<TFloat32> output, String... ops) {
    IntegerModel model = assertSame(graph, output);
    assertThat(model.ops().stream().map(IntegerOp::type).toList())
        .containsAtLeastElementsIn(ops)
        .inOrder();
  }
}
