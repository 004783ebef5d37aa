package org.slimquant.examples.models;

import java.util.List;
import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A network for handwritten digits whose layers are not all in a row: a residual block, after He et
 * al., "Deep Residual Learning for Image Recognition", 2016; and a concat of two branches.
 *
 * <pre>{@code
 * images ─▶ stem ─┬─▶ branch1 ─▶ branch2 ─▶ sum ─┬─▶ narrow ─┐
 *                 └────────────────────────▲     └─▶ pool ───┴─▶ join ─▶ mean ─▶ dense
 * }</pre>
 *
 * <p>A sum of tensors is a layer of its own. It is quantized to one format, which does not depend
 * on the formats of its inputs. The mean is also a layer, because an average of codes is not a
 * code. The pool is not a layer, because the largest of codes is a code. Calibration finds the
 * formats.
 */
public class ResidualNet {

  private static final int CHANNELS = 8;

  private final Ops tf;
  private final SeededVariables weights;

  /**
   * Creates a model whose variables start from values that {@code seed} decides.
   *
   * @param tf the graph to build in
   */
  public ResidualNet(Ops tf, long seed) {
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
    Operand<TFloat32> features = stem(images);
    Operand<TFloat32> block = sum(features, branch2(branch1(features)));
    return dense(mean(join(narrow(block), pool(block))));
  }

  @QuantInt8
  protected Operand<TFloat32> stem(@QuantInt8 Operand<TFloat32> images) {
    return tf.nn.relu(convolution("stem", images, 1, 1));
  }

  @QuantInt8
  protected Operand<TFloat32> branch1(Operand<TFloat32> features) {
    return tf.nn.relu(convolution("branch1", features, CHANNELS, 1));
  }

  @QuantInt8
  protected Operand<TFloat32> branch2(Operand<TFloat32> features) {
    return convolution("branch2", features, CHANNELS, 1);
  }

  @QuantInt8
  protected Operand<TFloat32> sum(Operand<TFloat32> features, Operand<TFloat32> branch) {
    return tf.nn.relu(tf.math.add(features, branch));
  }

  @QuantInt8(perChannel = true)
  protected Operand<TFloat32> narrow(Operand<TFloat32> features) {
    return tf.nn.relu6(convolution("narrow", features, CHANNELS, 2));
  }

  @QuantInt8
  protected Operand<TFloat32> join(Operand<TFloat32> left, Operand<TFloat32> right) {
    return tf.concat(List.of(left, right), tf.constant(-1));
  }

  @QuantInt8
  protected Operand<TFloat32> mean(Operand<TFloat32> features) {
    return tf.math.mean(features, tf.array(1, 2));
  }

  @QuantInt8
  protected Operand<TFloat32> dense(Operand<TFloat32> features) {
    Operand<TFloat32> kernel = weights.kernel("dense_kernel", 2 * CHANNELS, 10);
    Operand<TFloat32> bias = weights.bias("dense_bias", 10);
    return tf.nn.biasAdd(tf.linalg.matMul(features, kernel), bias);
  }

  private Operand<TFloat32> convolution(String name, Operand<TFloat32> x, long depth, long stride) {
    Operand<TFloat32> kernel = weights.kernel(name + "_kernel", 3, 3, depth, CHANNELS);
    Operand<TFloat32> bias = weights.bias(name + "_bias", CHANNELS);
    return tf.nn.biasAdd(tf.nn.conv2d(x, kernel, List.of(1L, stride, stride, 1L), "SAME"), bias);
  }

  private Operand<TFloat32> pool(Operand<TFloat32> features) {
    return tf.nn.maxPool(features, tf.array(1, 2, 2, 1), tf.array(1, 2, 2, 1), "VALID");
  }
}
