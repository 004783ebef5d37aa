package org.slimquant.examples.models;

import java.util.List;
import org.slimquant.annotations.QuantInt8;
import org.slimquant.annotations.Sign;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Unstack;
import org.tensorflow.types.TFloat32;

/**
 * A gated recurrent unit that reads an image as a sequence, some pixels at a time, as a network for
 * keywords reads the frames of a sound (K. Cho et al., "Learning Phrase Representations using RNN
 * Encoder-Decoder for Statistical Machine Translation", 2014):
 *
 * <pre>{@code
 * z  = sigmoid(Wz · [x, h] + bz)          update
 * r  = sigmoid(Wr · [x, h] + br)          reset
 * n  = tanh(Wn · [x, r · h] + bn)         candidate
 * h' = h + z · (n - h)                    state
 * }</pre>
 *
 * <p>The first pixels give the first state, {@code tanh(W · x + b)}.
 *
 * <p>The cell is called once for each step in time, with the same variables. So each of its tensors
 * has one format at all steps: states and candidates are from -1 to 1, gates from 0 to 1. The
 * kernels and the two tables, of sigmoid and tanh, are stored once.
 */
public class GatedRecurrentNet {

  private static final long STATES = 32;

  private final Ops tf;
  private final long pixels;
  private final SeededVariables weights;
  private final Operand<TFloat32> updateKernel;
  private final Operand<TFloat32> updateBias;
  private final Operand<TFloat32> resetKernel;
  private final Operand<TFloat32> resetBias;
  private final Operand<TFloat32> candidateKernel;
  private final Operand<TFloat32> candidateBias;

  /**
   * Creates a model whose variables start from values that {@code seed} decides.
   *
   * @param tf the graph to build in
   * @param pixels the number of pixels that a step reads
   */
  public GatedRecurrentNet(Ops tf, long seed, long pixels) {
    this.tf = tf;
    this.pixels = pixels;
    this.weights = new SeededVariables(tf, seed);
    updateKernel = weights.kernel("update_kernel", pixels + STATES, STATES);
    updateBias = weights.bias("update_bias", STATES);
    resetKernel = weights.kernel("reset_kernel", pixels + STATES, STATES);
    resetBias = weights.bias("reset_bias", STATES);
    candidateKernel = weights.kernel("candidate_kernel", pixels + STATES, STATES);
    candidateBias = weights.bias("candidate_bias", STATES);
  }

  /**
   * Adds the model to the graph.
   *
   * @param images images of shape {@code [batch, rows, columns, 1]}, pixels from 0 to 1
   * @return a score for each class, {@code [batch, 10]}
   */
  public Operand<TFloat32> logits(Operand<TFloat32> images) {
    long steps = images.shape().get(1) * images.shape().get(2) / pixels;
    List<? extends Operand<TFloat32>> sequence =
        tf.unstack(tf.reshape(images, tf.array(-1L, steps, pixels)), steps, Unstack.axis(1L))
            .output();
    Operand<TFloat32> state = first(sequence.get(0));
    for (Operand<TFloat32> input : sequence.subList(1, sequence.size())) {
      Operand<TFloat32> joined = join(input, state);
      Operand<TFloat32> candidate = candidate(join(input, product(reset(joined), state)));
      state = state(state, change(update(joined), difference(candidate, state)));
    }
    return dense(state);
  }

  @QuantInt8(sumFrac = -4, outputFrac = -7, sign = Sign.SIGNED)
  protected Operand<TFloat32> first(@QuantInt8 Operand<TFloat32> pixelsOfStep) {
    Operand<TFloat32> kernel = weights.kernel("first_kernel", pixels, STATES);
    return tf.math.tanh(sums(pixelsOfStep, kernel, weights.bias("first_bias", STATES)));
  }

  @QuantInt8(outputFrac = -7, sign = Sign.SIGNED)
  protected Operand<TFloat32> join(
      @QuantInt8 Operand<TFloat32> pixelsOfStep, Operand<TFloat32> state) {
    return tf.concat(List.of(pixelsOfStep, state), tf.constant(-1));
  }

  @QuantInt8(sumFrac = -4, outputFrac = -8, sign = Sign.UNSIGNED)
  protected Operand<TFloat32> update(Operand<TFloat32> joined) {
    return tf.math.sigmoid(sums(joined, updateKernel, updateBias));
  }

  @QuantInt8(sumFrac = -4, outputFrac = -8, sign = Sign.UNSIGNED)
  protected Operand<TFloat32> reset(Operand<TFloat32> joined) {
    return tf.math.sigmoid(sums(joined, resetKernel, resetBias));
  }

  @QuantInt8(outputFrac = -7, sign = Sign.SIGNED)
  protected Operand<TFloat32> product(Operand<TFloat32> gate, Operand<TFloat32> state) {
    return tf.math.mul(gate, state);
  }

  @QuantInt8(sumFrac = -4, outputFrac = -7, sign = Sign.SIGNED)
  protected Operand<TFloat32> candidate(Operand<TFloat32> joined) {
    return tf.math.tanh(sums(joined, candidateKernel, candidateBias));
  }

  @QuantInt8(outputFrac = -6, sign = Sign.SIGNED)
  protected Operand<TFloat32> difference(Operand<TFloat32> candidate, Operand<TFloat32> state) {
    return tf.math.sub(candidate, state);
  }

  @QuantInt8(outputFrac = -6, sign = Sign.SIGNED)
  protected Operand<TFloat32> change(Operand<TFloat32> gate, Operand<TFloat32> difference) {
    return tf.math.mul(gate, difference);
  }

  @QuantInt8(outputFrac = -7, sign = Sign.SIGNED)
  protected Operand<TFloat32> state(Operand<TFloat32> state, Operand<TFloat32> change) {
    return tf.math.add(state, change);
  }

  @QuantInt8
  protected Operand<TFloat32> dense(Operand<TFloat32> state) {
    return sums(state, weights.kernel("dense_kernel", STATES, 10), weights.bias("dense_bias", 10));
  }

  private Operand<TFloat32> sums(
      Operand<TFloat32> x, Operand<TFloat32> kernel, Operand<TFloat32> bias) {
    return tf.nn.biasAdd(tf.linalg.matMul(x, kernel), bias);
  }
}
