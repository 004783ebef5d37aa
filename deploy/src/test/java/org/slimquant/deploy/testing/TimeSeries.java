package org.slimquant.deploy.testing;

import static org.slimquant.deploy.testing.UsualLayers.KERNEL;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;

/**
 * A network over time: one-dimensional convolutions and poolings, as TensorFlow and Keras write
 * them, with a dimension that is put in and taken out again.
 */
public final class TimeSeries {

  private final QuantizedGraph graph;
  private final Ops tf;

  private TimeSeries(QuantizedGraph graph) {
    this.graph = graph;
    tf = graph.tf;
  }

  /** Returns a graph of 16 moments with 3 channels, without layers. */
  public static QuantizedGraph graph(long seed) {
    return new QuantizedGraph(seed, 16, 3);
  }

  /**
   * Adds the network.
   *
   * @param axis the axis of time, as the mean has it
   * @param keepDims whether the mean keeps it
   * @return the scores
   */
  public static Operand<TFloat32> add(QuantizedGraph graph, int axis, boolean keepDims) {
    return new TimeSeries(graph).network(axis, keepDims);
  }

  private Operand<TFloat32> network(int axis, boolean keepDims) {
    Operand<TFloat32> first = graph.layer("first", graph.images, x -> graph.relu(convolution(x)));
    Operand<TFloat32> second = graph.layer("second", first, x -> graph.relu(depthwise(x)));
    Operand<TFloat32> pooled =
        tf.squeeze(
            tf.nn.maxPool(
                tf.expandDims(second, tf.constant(1)),
                tf.array(1, 1, 2, 1),
                tf.array(1, 1, 2, 1),
                "VALID"),
            Squeeze.axis(List.of(1L)));
    Operand<TFloat32> halved = graph.layer("halved", pooled, this::averages);
    Operand<TFloat32> mean =
        graph.layer("mean", halved, x -> tf.math.mean(x, tf.array(axis), Mean.keepDims(keepDims)));
    Operand<TFloat32> rows = tf.reshape(mean, tf.array(-1, 4));
    return graph.layer(
        "dense",
        rows,
        x ->
            tf.nn.biasAdd(
                tf.linalg.matMul(x, graph.kernel(KERNEL, 0.2, 4, 5)), graph.bias(0.5, 5)));
  }

  private Operand<TFloat32> convolution(Operand<TFloat32> x) {
    Operand<TFloat32> sums =
        tf.nn.conv2d(
            tf.expandDims(x, tf.constant(1)),
            tf.expandDims(graph.kernel(KERNEL, 0.3, 3, 3, 4), tf.constant(0)),
            List.of(1L, 1L, 2L, 1L),
            "SAME");
    return tf.nn.biasAdd(tf.squeeze(sums, Squeeze.axis(List.of(1L))), graph.bias(0.5, 4));
  }

  private Operand<TFloat32> depthwise(Operand<TFloat32> x) {
    Operand<TFloat32> sums =
        tf.nn.depthwiseConv2dNative(
            tf.expandDims(x, tf.constant(-3)),
            tf.expandDims(graph.kernel(KERNEL, 0.3, 3, 4, 1), tf.constant(0)),
            List.of(1L, 1L, 1L, 1L),
            "SAME");
    return tf.nn.biasAdd(tf.squeeze(sums, Squeeze.axis(List.of(-3L))), graph.bias(0.5, 4));
  }

  /** Time may be the rows, too. */
  private Operand<TFloat32> averages(Operand<TFloat32> x) {
    return tf.squeeze(
        tf.nn.avgPool(
            tf.expandDims(x, tf.constant(2)),
            List.of(1L, 2L, 1L, 1L),
            List.of(1L, 2L, 1L, 1L),
            "SAME"),
        Squeeze.axis(List.of(2L)));
  }
}
