package org.slimquant.runtime.graph;

import org.tensorflow.types.TFloat32;

/** The elements of tensors that a session returned. */
public final class TensorElements {

  private TensorElements() {}

  /** Returns the elements in the order in which they lie in memory. */
  public static float[] of(TFloat32 tensor) {
    float[] elements = new float[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().asFloats().read(elements);
    return elements;
  }
}
