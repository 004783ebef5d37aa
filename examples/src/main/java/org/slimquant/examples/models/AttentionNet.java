package org.slimquant.examples.models;

import java.util.List;
import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Max;
import org.tensorflow.op.math.Mean;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TFloat32;

/**
 * A transformer block over the rows of an image (A. Vaswani et al., "Attention Is All You Need",
 * 2017):
 *
 * <pre>{@code
 * rows ─▶ embed ─┬─▶ query, key, value ─▶ attention ─▶ output ─▶ sum ─┬─▶ hidden ─▶ narrow ─▶ sum ─▶ dense
 *                └────────────────────────────────────────────────▲  └──────────────────────▲
 * }</pre>
 *
 * <p>The softmax of the scores s is written as layers, since each tensor in it has a format of its
 * own:
 *
 * <pre>{@code
 * e = exp(s - max(s))          exponential: a table after the difference
 * t = 1 / (rows · mean(e))     inverse: a table after the mean
 * softmax(s) = e · t           share
 * }</pre>
 *
 * <p>The last layer reads the rows in their order, so the rows get no positions.
 */
@QuantInt8(perChannel = true)
public class AttentionNet {

  private static final long SIZE = 16;

  private final Ops tf;
  private final SeededVariables weights;

  /**
   * Creates a model whose variables start from values that {@code seed} decides.
   *
   * @param tf the graph to build in
   */
  public AttentionNet(Ops tf, long seed) {
    this.tf = tf;
    this.weights = new SeededVariables(tf, seed);
  }

  /**
   * Adds the model to the graph.
   *
   * @param images images of shape {@code [batch, rows, columns, 1]}, pixels from 0 to 1
   * @return a score for each class, {@code [batch, 10]}
   */
  public Operand<TFloat32> logits(Operand<TFloat32> images) {
    long rows = images.shape().get(1);
    long columns = images.shape().get(2);
    Operand<TFloat32> tokens = embed(tf.reshape(images, tf.array(-1L, rows, columns)), columns);
    Operand<TFloat32> scores = scores(query(tokens), key(tokens));
    Operand<TFloat32> powers =
        exponential(scores, tf.max(scores, tf.array(-1), Max.keepDims(true)));
    Operand<TFloat32> shares = share(powers, inverse(powers, rows));
    Operand<TFloat32> attended = sum(tokens, output(mix(shares, value(tokens))));
    Operand<TFloat32> deep = sum(attended, narrow(hidden(attended)));
    return dense(tf.reshape(deep, tf.array(-1L, rows * SIZE)), rows * SIZE);
  }

  @QuantInt8
  protected Operand<TFloat32> embed(@QuantInt8 Operand<TFloat32> rows, long columns) {
    return tokens("embed", rows, columns, SIZE);
  }

  @QuantInt8
  protected Operand<TFloat32> query(Operand<TFloat32> tokens) {
    return tokens("query", tokens, SIZE, SIZE);
  }

  @QuantInt8
  protected Operand<TFloat32> key(Operand<TFloat32> tokens) {
    return tokens("key", tokens, SIZE, SIZE);
  }

  @QuantInt8
  protected Operand<TFloat32> value(Operand<TFloat32> tokens) {
    return tokens("value", tokens, SIZE, SIZE);
  }

  @QuantInt8
  protected Operand<TFloat32> scores(Operand<TFloat32> query, Operand<TFloat32> key) {
    return tf.train.batchMatMul(query, key, TFloat32.class, BatchMatMul.adjY(true));
  }

  /** Returns powers of e, at most 1. The factor is {@code 1 / √SIZE}. */
  @QuantInt8
  protected Operand<TFloat32> exponential(Operand<TFloat32> scores, Operand<TFloat32> largest) {
    return tf.math.exp(tf.math.mul(tf.math.sub(scores, largest), tf.constant(0.25f)));
  }

  @QuantInt8
  protected Operand<TFloat32> inverse(Operand<TFloat32> powers, long rows) {
    Operand<TFloat32> mean = tf.math.mean(powers, tf.array(-1), Mean.keepDims(true));
    return tf.math.reciprocal(tf.math.mul(mean, tf.constant((float) rows)));
  }

  @QuantInt8
  protected Operand<TFloat32> share(Operand<TFloat32> powers, Operand<TFloat32> inverse) {
    return tf.math.mul(powers, inverse);
  }

  @QuantInt8
  protected Operand<TFloat32> mix(Operand<TFloat32> shares, Operand<TFloat32> values) {
    return tf.train.batchMatMul(shares, values, TFloat32.class);
  }

  @QuantInt8
  protected Operand<TFloat32> output(Operand<TFloat32> mixed) {
    return tokens("output", mixed, SIZE, SIZE);
  }

  @QuantInt8
  protected Operand<TFloat32> sum(Operand<TFloat32> tokens, Operand<TFloat32> branch) {
    return tf.math.add(tokens, branch);
  }

  @QuantInt8
  protected Operand<TFloat32> hidden(Operand<TFloat32> tokens) {
    return tf.nn.relu(tokens("hidden", tokens, SIZE, 2 * SIZE));
  }

  @QuantInt8
  protected Operand<TFloat32> narrow(Operand<TFloat32> tokens) {
    return tokens("narrow", tokens, 2 * SIZE, SIZE);
  }

  @QuantInt8
  protected Operand<TFloat32> dense(Operand<TFloat32> features, long size) {
    Operand<TFloat32> kernel = weights.kernel("dense_kernel", size, 10);
    return tf.nn.biasAdd(tf.linalg.matMul(features, kernel), weights.bias("dense_bias", 10));
  }

  /** Returns a dense layer of each row. */
  private Operand<TFloat32> tokens(String name, Operand<TFloat32> x, long size, long newSize) {
    Operand<TFloat32> kernel = weights.kernel(name + "_kernel", size, newSize);
    Operand<TFloat32> bias = weights.bias(name + "_bias", newSize);
    return tf.nn.biasAdd(tf.linalg.einsum(List.of(x, kernel), "abc,cd->abd"), bias);
  }
}
