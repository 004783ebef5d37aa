package org.slimquant.runtime.testing;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * An op with a kernel, and its expected output.
 *
 * @param name the op with its attributes
 * @param everywhere whether the layer must run on every processor; else it may be refused where
 *     TensorFlow refuses the op itself
 * @param x the shape of its input
 * @param w the shape of its kernel
 */
public record KernelOpCase(
    String name, boolean everywhere, Shape x, Shape w, ProductSums sums, OpBody body) {

  /** Adds the op. */
  public interface OpBody {
    Operand<TFloat32> add(Ops tf, Operand<TFloat32> x, Operand<TFloat32> w);
  }

  @Override
  public String toString() {
    return name;
  }
}
