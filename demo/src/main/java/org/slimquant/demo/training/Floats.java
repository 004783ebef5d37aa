package org.slimquant.demo.training;

import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;

/** The elements of a tensor as an array. */
public final class Floats {

  private Floats() {}

  /** Returns a copy of the elements, in row-major order. */
  public static float[] copyOf(TFloat32 tensor) {
    float[] values = new float[Math.toIntExact(tensor.size())];
    tensor.copyTo(DataBuffers.of(values, false, false));
    return values;
  }
}
