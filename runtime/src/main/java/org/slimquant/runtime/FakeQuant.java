package org.slimquant.runtime;

import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.fakequant.GradientForm;
import org.slimquant.runtime.fakequant.PerTensorFakeQuant;
import org.slimquant.runtime.graph.Operands;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.Scope;
import org.tensorflow.op.quantization.FakeQuantWithMinMaxVars;
import org.tensorflow.types.TFloat32;

/**
 * Fake quantization: rounds a float tensor to the values of a format and stays float.
 *
 * <p>The values are {@code format.dequantize(format.quantize(x))}, bit for bit, for all codes, all
 * ties and all numbers of an accumulator that is shifted right by at most {@code 24 - bits}. Only
 * an {@code x} that is less than a tie by no more than {@code 2^(bits - 25)} steps is rounded up
 * like the tie, because TensorFlow's op subtracts the lower bound in float32. With steps below
 * {@code 2^-102} some intermediate results are subnormal, which TensorFlow flushes to zero.
 *
 * <p>The gradient is the straight-through estimator: 1 where {@code format.min() <= x <=
 * format.max()}, else 0.
 */
public final class FakeQuant {

  private FakeQuant() {}

  /**
   * Adds a fake quant of {@code x} to the graph of {@code tf}.
   *
   * @param tf the ops whose scope gives the op its name and device
   * @param x a tensor of any shape
   * @param format the format to round to
   * @return a tensor of the same shape whose elements are multiples of {@code format.step()}
   *     between {@code format.min()} and {@code format.max()}; NaN stays NaN
   * @throws IllegalArgumentException if {@code tf} belongs to an eager session, or {@code x} to
   *     another graph
   */
  public static Operand<TFloat32> of(Ops tf, Operand<TFloat32> x, FixedPoint format) {
    return of(tf, x, format, GradientForm.ofPlatform());
  }

  static Operand<TFloat32> of(Ops tf, Operand<TFloat32> x, FixedPoint format, GradientForm form) {
    Scope scope = tf.scope();
    if (!(scope.env() instanceof Graph graph)) {
      throw new IllegalArgumentException(
          "a fake quant must be built in a graph, but tf is of an eager session; make it with"
              + " Ops.create(graph)");
    }
    Operands.requireInGraph(graph, x, "the operand of a fake quant");
    return PerTensorFakeQuant.add(
        scope, scope.makeOpName(FakeQuantWithMinMaxVars.OP_NAME), x.asOutput(), format, form);
  }
}
