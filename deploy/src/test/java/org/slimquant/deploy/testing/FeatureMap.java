package org.slimquant.deploy.testing;

import org.slimquant.format.FixedPoint;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * A tensor of a random network.
 *
 * @param size rows and columns, or the smaller of them
 */
record FeatureMap(Operand<TFloat32> operand, FixedPoint format, int size, int channels) {

  /** Rows and columns may differ by the padding; what follows takes the smaller. */
  static FeatureMap square(Operand<TFloat32> y, FixedPoint format) {
    long[] shape = y.asOutput().shape().asArray();
    return new FeatureMap(y, format, (int) Math.min(shape[1], shape[2]), (int) shape[3]);
  }
}
