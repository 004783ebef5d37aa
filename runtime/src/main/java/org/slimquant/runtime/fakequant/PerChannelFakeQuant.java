package org.slimquant.runtime.fakequant;

import org.slimquant.format.FixedPoint;
import org.slimquant.format.PerChannel;
import org.slimquant.runtime.graph.Primitives;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Scope;
import org.tensorflow.types.TFloat32;

/**
 * Fake quantization with a step for each channel {@code c} of a kernel:
 *
 * <pre>{@code
 * kernel ─▶ FakeQuantWithMinMaxVarsPerChannel ─▶       TensorFlow's own, 60 times slower
 *
 * kernel ─▶ (* 2^-d_c) ─▶ FakeQuantWithMinMaxVars ─▶ (* 2^d_c) ─▶       composed
 *               │                  │                     │
 *           /inverse    SlimQuant/int8_frac0          /step
 * }</pre>
 *
 * <p>Products with powers of two are exact, so that the values are those of {@link
 * PerTensorFakeQuant} in each channel's format, and so is the gradient, the straight-through
 * estimator: {@code 2^d_c * mask * 2^-d_c}.
 *
 * <p>This is exact for all legal exponents, {@code -126 .. 128 - bits}: both powers are normal
 * float32. A quotient {@code x / 2^d_c} that overflows is infinite and saturates, as it should. A
 * subnormal quotient is flushed to 0, to which it rounds anyway. A code other than 0 times its step
 * is normal. Only a gradient below {@code 2^(-126 - d_c)}, or above {@code 2^(128 - d_c)}, is lost,
 * because it is multiplied by the step first; at {@code |d_c| <= 60} no gradient that trains
 * anything is lost.
 *
 * <p>Rejected: other shapes for the products, [rows, channels] or rows of many channels' length (no
 * faster); constants of the kernel's shape (an eighth faster, but a saved graph of three times the
 * size).
 */
public final class PerChannelFakeQuant {

  private PerChannelFakeQuant() {}

  /**
   * Adds a fake quant with the given full name, which no op in the graph may have yet.
   *
   * @param broadcast the shape in which a value for each channel broadcasts to {@code x}
   */
  public static Output<TFloat32> add(
      Scope scope,
      String name,
      Output<?> x,
      PerChannel format,
      Shape broadcast,
      GradientForm form) {
    Graph graph = (Graph) scope.env();
    Output<TFloat32> inverse =
        Primitives.powersOfTwo(graph, name + "/inverse", broadcast, format.fracs(), -1);
    Output<TFloat32> step =
        Primitives.powersOfTwo(graph, name + "/step", broadcast, format.fracs(), 1);
    return add(scope, name, x, format.bits(), inverse, step, form);
  }

  /** Adds a fake quant with the steps {@code step}, whose reciprocals are {@code inverse}. */
  public static Output<TFloat32> add(
      Scope scope,
      String name,
      Output<?> x,
      int bits,
      Output<TFloat32> inverse,
      Output<TFloat32> step,
      GradientForm form) {
    Output<TFloat32> steps = Primitives.op(scope, "Mul", name + "/steps", x, inverse);
    Output<TFloat32> codes =
        PerTensorFakeQuant.add(scope, name + "/codes", steps, FixedPoint.signed(bits, 0), form);
    return Primitives.op(scope, "Mul", name, codes, step);
  }
}
