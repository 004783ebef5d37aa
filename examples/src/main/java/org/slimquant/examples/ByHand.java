package org.slimquant.examples;

import java.util.List;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.FakeQuant;
import org.slimquant.runtime.SlimQuant;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * Quantization of an existing graph, without annotations. A fake quant is added, and the ops that
 * read the raw tensor then read the fake quant.
 *
 * <pre>{@code
 * kernel ─▶ conv1/Conv2d ─▶ conv1/Relu ─▶ pool                                       before
 * kernel ─▶ conv1/SlimQuant/kernel ─▶ conv1/Conv2d ─▶ conv1/Relu
 *                                       ─▶ conv1/SlimQuant/output ─▶ pool            after
 * }</pre>
 */
final class ByHand {

  private ByHand() {}

  /**
   * Builds a convolution and a pooling after it, and quantizes its kernel and its output.
   *
   * @return the number of inputs that now read a fake quant: 2
   */
  static int quantizedConvolution(Graph graph) {
    Ops tf = Ops.create(graph);
    Operand<TFloat32> images =
        tf.withName("images").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 8, 8, 1)));
    Operand<TFloat32> kernel =
        tf.withName("kernel").variable(tf.fill(tf.array(3, 3, 1, 16), tf.constant(0.3f)));
    Ops conv1 = tf.withSubScope("conv1");
    Operand<TFloat32> features =
        conv1.nn.relu(conv1.nn.conv2d(images, kernel, List.of(1L, 1L, 1L, 1L), "SAME"));
    tf.withName("pool").nn.maxPool(features, tf.array(1, 2, 2, 1), tf.array(1, 2, 2, 1), "VALID");

    Ops slimQuant = conv1.withSubScope("SlimQuant");
    Operand<TFloat32> quantKernel =
        FakeQuant.of(slimQuant.withName("kernel"), kernel, FixedPoint.signed(8, -7));
    Operand<TFloat32> quantOutput =
        FakeQuant.of(slimQuant.withName("output"), features, FixedPoint.signed(8, -5));
    return SlimQuant.insertQuantOp(graph, kernel, "conv1", quantKernel)
        + SlimQuant.insertQuantOp(graph, features, "pool", quantOutput);
  }
}
