package org.slimquant.examples.models;

import java.util.List;
import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A small convolutional network for handwritten digits, after LeNet-5.
 *
 * <p>{@code new LeNet(tf, seed)} is the float model. The compiler writes {@code QuantizedLeNet}
 * beside it, which differs by the fake quants that the annotations ask for:
 *
 * <pre>{@code
 * Operand<TFloat32> logits = new LeNet(tf, seed).logits(images);
 * Operand<TFloat32> logits =
 *     new QuantizedLeNet(tf, seed, GraphQuantizer.fakeQuant(graph, plan)).logits(images);
 * }</pre>
 *
 * <p>No annotation has a {@code frac}: calibration finds the exponents of the steps. The plan that
 * it found after the demo's training is kept beside the sources, in {@code src/main/plans}.
 */
public class LeNet {

  private static final List<Long> STRIDES = List.of(1L, 1L, 1L, 1L);

  private final Ops tf;
  private final SeededVariables weights;

  /**
   * Creates a model whose variables start from values that {@code seed} decides.
   *
   * @param tf the graph to build in
   */
  public LeNet(Ops tf, long seed) {
    this.tf = tf;
    this.weights = new SeededVariables(tf, seed);
  }

  /**
   * Adds the model to the graph.
   *
   * @param images images of shape {@code [batch, 8, 8, 1]}, pixels from 0 to 1
   * @return a score for each digit, {@code [batch, 10]}
   */
  public Operand<TFloat32> logits(Operand<TFloat32> images) {
    Operand<TFloat32> features = pool(conv2(pool(conv1(images))));
    return dense2(dense1(flatten(features)));
  }

  @QuantInt8
  protected Operand<TFloat32> conv1(@QuantInt8 Operand<TFloat32> images) {
    Operand<TFloat32> kernel = weights.kernel("conv1_kernel", 3, 3, 1, 16);
    Operand<TFloat32> bias = weights.bias("conv1_bias", 16);
    return tf.nn.relu(tf.nn.biasAdd(tf.nn.conv2d(images, kernel, STRIDES, "SAME"), bias));
  }

  @QuantInt8
  protected Operand<TFloat32> conv2(Operand<TFloat32> features) {
    Operand<TFloat32> kernel = weights.kernel("conv2_kernel", 3, 3, 16, 32);
    Operand<TFloat32> bias = weights.bias("conv2_bias", 32);
    return tf.nn.relu(tf.nn.biasAdd(tf.nn.conv2d(features, kernel, STRIDES, "SAME"), bias));
  }

  @QuantInt8
  protected Operand<TFloat32> dense1(Operand<TFloat32> features) {
    Operand<TFloat32> kernel = weights.kernel("dense1_kernel", 128, 64);
    Operand<TFloat32> bias = weights.bias("dense1_bias", 64);
    return tf.nn.relu(tf.nn.biasAdd(tf.linalg.matMul(features, kernel), bias));
  }

  @QuantInt8
  protected Operand<TFloat32> dense2(Operand<TFloat32> features) {
    Operand<TFloat32> kernel = weights.kernel("dense2_kernel", 64, 10);
    Operand<TFloat32> bias = weights.bias("dense2_bias", 10);
    return tf.nn.biasAdd(tf.linalg.matMul(features, kernel), bias);
  }

  /** Keeps the largest of each 2x2 pixels. Codes stay codes, so the layer needs no quantization. */
  private Operand<TFloat32> pool(Operand<TFloat32> features) {
    return tf.nn.maxPool(features, tf.array(1, 2, 2, 1), tf.array(1, 2, 2, 1), "VALID");
  }

  private Operand<TFloat32> flatten(Operand<TFloat32> features) {
    return tf.reshape(features, tf.array(-1, 128));
  }
}
