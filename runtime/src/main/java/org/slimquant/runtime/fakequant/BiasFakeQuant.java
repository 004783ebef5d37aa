package org.slimquant.runtime.fakequant;

import org.slimquant.format.BiasFormat;
import org.slimquant.runtime.graph.Primitives;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Scope;
import org.tensorflow.types.TFloat32;

/**
 * Fake quantization to 32-bit codes, which TensorFlow's op does not have:
 *
 * <pre>{@code
 * bias ─▶ (* 2^-d) ─▶ clip ─┬─▶ (floorDiv 1/2) ─▶ (floorDiv -2) ─▶ (+) ─▶ stop gradient ─▶ (clip -) ─▶ (* 2^d) ─▶
 *                           │                                       ▲                          ▲
 *                           ├───────────────────────────────────────┘                          │
 *                           └──────────────────────────────────────────────────────────────────┘
 * }</pre>
 *
 * <p>The code is {@code clamp(floor(x / 2^d + 1/2))} for every float32 {@code x}. The sum {@code x
 * / 2^d + 1/2} itself would round: at odd codes from 2^23 on, and under a tie. So it is rounded
 * down to half steps first, and then up by a half step; with {@code x} in steps,
 *
 * <pre>{@code
 * floor(x + 1/2) = ceil(floor(2 x) / 2),     floor(2 x) = floorDiv(x, 1/2)
 *                                            ceil(h / 2) = -floorDiv(h, -2)
 * }</pre>
 *
 * <p>Every part of it is exact, and so are the products with powers of two and the sums, as in
 * {@link PerTensorFakeQuant}. A bias has few elements: the number of ops does not matter when the
 * graph runs, but it does when the graph is built.
 *
 * <p>The gradient is the straight-through estimator: 1 where the code is within 32 bits, else 0.
 */
public final class BiasFakeQuant {

  private BiasFakeQuant() {}

  /** Adds a fake quant with the given full name, which no op in the graph may have yet. */
  public static Output<TFloat32> add(Scope scope, String name, Output<?> x, BiasFormat format) {
    Graph graph = (Graph) scope.env();
    Output<TFloat32> min = shared(graph, "min", -BiasFormat.MAX_CODE);
    Output<TFloat32> max = shared(graph, "max", BiasFormat.MAX_CODE);

    Output<TFloat32> steps =
        Primitives.op(scope, "Mul", name + "/steps", x, power(graph, name, format, "inverse", -1));
    Output<TFloat32> clip = Primitives.op(scope, "ClipByValue", name + "/clip", steps, min, max);
    Output<TFloat32> minusCodes = minusCodes(scope, name, clip);
    Output<TFloat32> rest = Primitives.op(scope, "AddV2", name + "/rest", clip, minusCodes);
    Output<TFloat32> stopped = Primitives.op(scope, "StopGradient", name + "/stop", rest);
    Output<TFloat32> codes = Primitives.op(scope, "Sub", name + "/codes", clip, stopped);
    return Primitives.op(scope, "Mul", name, codes, power(graph, name, format, "step", 1));
  }

  /** Rounds half up, exactly, and changes the sign. */
  private static Output<TFloat32> minusCodes(Scope scope, String name, Output<TFloat32> x) {
    Graph graph = (Graph) scope.env();
    Output<TFloat32> half = shared(graph, "half", 0.5f);
    Output<TFloat32> minusTwo = shared(graph, "minusTwo", -2);
    Output<TFloat32> halfSteps = Primitives.op(scope, "FloorDiv", name + "/halfSteps", x, half);
    return Primitives.op(scope, "FloorDiv", name + "/minusCodes", halfSteps, minusTwo);
  }

  private static Output<TFloat32> shared(Graph graph, String what, float value) {
    return Primitives.sharedConstant(graph, "SlimQuant/int32/" + what, value);
  }

  /**
   * Returns {@code 2^(sign * d)}: for each channel where there are several, else a scalar that all
   * biases of this exponent share.
   */
  private static Output<TFloat32> power(
      Graph graph, String name, BiasFormat format, String what, int sign) {
    if (format.fracs().size() == 1) {
      int frac = format.fracs().get(0);
      return Primitives.sharedConstant(
          graph, "SlimQuant/int32_frac" + frac + "/" + what, Math.scalb(1f, sign * frac));
    }
    Shape shape = Shape.of(format.fracs().size());
    return Primitives.powersOfTwo(graph, name + "/" + what, shape, format.fracs(), sign);
  }
}
