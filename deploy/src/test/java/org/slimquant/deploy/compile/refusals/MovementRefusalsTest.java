package org.slimquant.deploy.compile.refusals;

import static org.slimquant.deploy.testing.RefusedGraph.assertCompiles;
import static org.slimquant.deploy.testing.RefusedGraph.assertRefused;
import static org.slimquant.deploy.testing.RefusedGraph.quantizedImages;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.op.core.StridedSlice;

/** Movements of elements that integers do not have. */
final class MovementRefusalsTest {

  private static final String BATCH = "; let the first axis stay as it is, the batch";

  @Test
  void examplesOfTheBatch() {
    assertRefused(
        graph ->
            graph.tf.slice(
                quantizedImages(graph), graph.tf.array(1, 0, 0, 0), graph.tf.array(2, 6, 6, 2)),
        "Slice (Slice): it moves examples of the batch: it takes 2 from 1; a size of -1 takes all"
            + BATCH);
    assertRefused(
        graph ->
            graph.tf.stridedSlice(
                quantizedImages(graph), graph.tf.array(0), graph.tf.array(1), graph.tf.array(1)),
        "StridedSlice (StridedSlice): it moves examples of the batch: it takes some of them; a range without begin and end takes all"
            + BATCH);
    assertRefused(
        graph ->
            graph.tf.stridedSlice(
                quantizedImages(graph),
                graph.tf.array(0),
                graph.tf.array(0),
                graph.tf.array(1),
                StridedSlice.newAxisMask(1L)),
        "StridedSlice (StridedSlice): it moves examples of the batch: it puts an axis before it"
            + BATCH);
    assertRefused(
        graph -> graph.tf.linalg.transpose(quantizedImages(graph), graph.tf.array(1, 0, 2, 3)),
        "Transpose (Transpose): it moves examples of the batch: it transposes axes to [1, 0, 2, 3]"
            + BATCH);
    assertRefused(
        graph -> graph.tf.tile(quantizedImages(graph), graph.tf.array(2, 1, 1, 1)),
        "Tile (Tile): it moves examples of the batch: it repeats it 2 times" + BATCH);
    assertRefused(
        graph -> graph.tf.reverse(quantizedImages(graph), graph.tf.array(0)),
        "Reverse (ReverseV2): it moves examples of the batch: along the axis 0" + BATCH);
    assertRefused(
        graph -> graph.tf.split(graph.tf.constant(0), quantizedImages(graph), 2L).output().get(1),
        "Split (Split): it moves examples of the batch: along the axis 0" + BATCH);
    assertRefused(
        graph -> graph.tf.stack(List.of(quantizedImages(graph), quantizedImages(graph))),
        "Stack (Pack): it moves examples of the batch: along the axis 0" + BATCH);
    assertRefused(
        graph ->
            graph.tf.mirrorPad(
                quantizedImages(graph),
                graph.tf.constant(new int[][] {{1, 0}, {0, 0}, {0, 0}, {0, 0}}),
                "SYMMETRIC"),
        "MirrorPad (MirrorPad): it moves examples of the batch: it pads it with [1, 0]" + BATCH);
  }

  @Test
  void irregularNeighbours() {
    assertRefused(
        graph -> graph.tf.image.resizeNearestNeighbor(quantizedImages(graph), graph.tf.array(9, 6)),
        "ResizeNearestNeighbor (ResizeNearestNeighbor): it resizes examples of shape [6, 6, 2] to [9, 6, 2], which takes irregular rows or columns; resize by a whole factor, without align_corners");
    assertCompiles(
        graph ->
            graph.tf.image.resizeNearestNeighbor(quantizedImages(graph), graph.tf.array(12, 6)),
        "Requantize",
        "Reshape",
        "Tile",
        "Reshape");
  }
}
