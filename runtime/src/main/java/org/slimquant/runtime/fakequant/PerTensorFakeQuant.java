package org.slimquant.runtime.fakequant;

import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.graph.Primitives;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.op.Scope;
import org.tensorflow.op.quantization.FakeQuantWithMinMaxVars;
import org.tensorflow.types.TFloat32;

/**
 * Fake quantization with one step.
 *
 * <p>The op is TensorFlow's {@code FakeQuantWithMinMaxVars}. Its bounds are constants that all
 * sites of one format share in a graph:
 *
 * <pre>{@code
 * SlimQuant/int8_frac-7/min ─┐
 * x ─────────────────────────┼─▶ FakeQuantWithMinMaxVars ─▶
 * SlimQuant/int8_frac-7/max ─┘
 * }</pre>
 *
 * <p>The values are {@code format.dequantize(format.quantize(x))}, bit for bit, for all codes, all
 * ties and all numbers of an accumulator that is shifted right by at most {@code 24 - bits}. Only
 * an {@code x} that is less than a tie by no more than {@code 2^(bits - 25)} steps is rounded up
 * like the tie, because the op subtracts the lower bound in float32. With steps below {@code
 * 2^-102} some intermediate results are subnormal, which TensorFlow flushes to zero.
 *
 * <p>The gradient is the straight-through estimator: 1 where {@code format.min() <= x <=
 * format.max()}, else 0. TensorFlow has none for this op, so it is registered, once in a process.
 * Where it cannot be registered (Windows), the same values and the same gradient are composed:
 *
 * <pre>{@code
 * x ─▶ clip ─┬─▶ FakeQuantWithMinMaxVars ─▶ (- clip) ─▶ stop gradient ─▶ (+ clip) ─▶
 *            └────────────────────────────────────────────────────────────┘
 * }</pre>
 *
 * <p>The sum is exact: a value and its rounding lie within a factor of two of each other or the
 * rounding is 0, so their difference is a float32 (Sterbenz' lemma).
 */
public final class PerTensorFakeQuant {

  /** An end of a range. */
  enum Bound {
    MIN,
    MAX
  }

  private PerTensorFakeQuant() {}

  /** Adds a fake quant with the given full name, which no op in the graph may have yet. */
  public static Output<TFloat32> add(
      Scope scope, String name, Output<?> x, FixedPoint format, GradientForm form) {
    return switch (form) {
      case REGISTERED -> round(scope, name, x, format);
      case COMPOSED -> {
        Graph graph = (Graph) scope.env();
        Output<TFloat32> clip =
            Primitives.op(
                scope,
                "ClipByValue",
                name + "/clip",
                x,
                bound(graph, format, Bound.MIN),
                bound(graph, format, Bound.MAX));
        Output<TFloat32> rounded = round(scope, name + "/round", clip, format);
        Output<TFloat32> change = Primitives.op(scope, "Sub", name + "/change", rounded, clip);
        Output<TFloat32> stopped = Primitives.op(scope, "StopGradient", name + "/stop", change);
        yield Primitives.op(scope, "AddV2", name, clip, stopped);
      }
    };
  }

  private static Output<TFloat32> round(Scope scope, String name, Output<?> x, FixedPoint format) {
    Graph graph = (Graph) scope.env();
    return round(
        scope, name, x, format, bound(graph, format, Bound.MIN), bound(graph, format, Bound.MAX));
  }

  /** Adds the op with the codes of the format, but with bounds that may be others. */
  static Output<TFloat32> round(
      Scope scope,
      String name,
      Output<?> x,
      FixedPoint format,
      Output<TFloat32> min,
      Output<TFloat32> max) {
    return scope
        .env()
        .opBuilder(FakeQuantWithMinMaxVars.OP_NAME, name, scope)
        .addInput(x)
        .addInput(min)
        .addInput(max)
        .setAttr("num_bits", format.bits())
        .setAttr("narrow_range", format.signed())
        .build()
        .output(0);
  }

  /** Returns the constant bound of a format, which the graph has once. */
  static Output<TFloat32> bound(Graph graph, FixedPoint format, Bound bound) {
    return Primitives.sharedConstant(
        graph,
        "SlimQuant/" + boundName(format, bound),
        bound == Bound.MIN ? format.min() : format.max());
  }

  /** Returns the part of a bound's name that contains the format: {@code int8_frac-7/max}. */
  static String boundName(FixedPoint format, Bound bound) {
    return (format.signed() ? "int" : "uint")
        + format.bits()
        + "_frac"
        + format.frac()
        + (bound == Bound.MIN ? "/min" : "/max");
  }
}
