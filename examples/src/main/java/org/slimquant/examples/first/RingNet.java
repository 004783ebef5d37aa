package org.slimquant.examples.first;

import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.random.TruncatedNormal;
import org.tensorflow.types.TFloat32;

/** A network that classifies points by the three rings in which they lie. */
class RingNet {

  private final Ops tf;

  RingNet(Ops tf) {
    this.tf = tf;
  }

  /** Returns a score for each ring, {@code [batch, 3]}, from points {@code [batch, 2]}. */
  Operand<TFloat32> scores(Operand<TFloat32> points) {
    return output(hidden(points));
  }

  @QuantInt8
  Operand<TFloat32> hidden(@QuantInt8 Operand<TFloat32> points) {
    Operand<TFloat32> kernel = kernel("hidden_kernel", 2, 32);
    Operand<TFloat32> bias = bias("hidden_bias", 32);
    return tf.nn.relu(tf.nn.biasAdd(tf.linalg.matMul(points, kernel), bias));
  }

  @QuantInt8
  Operand<TFloat32> output(Operand<TFloat32> features) {
    Operand<TFloat32> kernel = kernel("output_kernel", 32, 3);
    Operand<TFloat32> bias = bias("output_bias", 3);
    return tf.nn.biasAdd(tf.linalg.matMul(features, kernel), bias);
  }

  private Operand<TFloat32> kernel(String name, int inputs, int outputs) {
    return tf.withName(name)
        .variable(
            tf.random.truncatedNormal(
                tf.array(inputs, outputs), TFloat32.class, TruncatedNormal.seed(1L)));
  }

  private Operand<TFloat32> bias(String name, int size) {
    return tf.withName(name).variable(tf.fill(tf.array(size), tf.constant(0f)));
  }
}
