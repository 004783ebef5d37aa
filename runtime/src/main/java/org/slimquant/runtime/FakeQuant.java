package org.slimquant.runtime;

import org.slimquant.format.FixedPoint;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.Scope;
import org.tensorflow.op.quantization.FakeQuantWithMinMaxVars;
import org.tensorflow.types.TFloat32;

/**
 * Fake quantization: rounds a float tensor to the values of a format and stays float.
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
 * an {@code x} that lies under a tie by no more than {@code 2^(bits - 25)} steps is rounded up with
 * the tie, because the op subtracts the lower bound in float32. With steps below {@code 2^-102}
 * some intermediate results are subnormal, which TensorFlow flushes to zero.
 *
 * <p>The gradient is the straight-through estimator: 1 where {@code format.min() <= x <=
 * format.max()}, else 0. TensorFlow has none for this op, so it is registered, once in a process.
 * Where it cannot be (Windows), the same values and the same gradient are composed:
 *
 * <pre>{@code
 * x ─▶ clip ─┬─▶ FakeQuantWithMinMaxVars ─▶ (- clip) ─▶ stop gradient ─▶ (+ clip) ─▶
 *            └────────────────────────────────────────────────────────────┘
 * }</pre>
 *
 * <p>The sum is exact: a value and its rounding lie within a factor of two of each other or the
 * rounding is 0, so their difference is a float32 (Sterbenz' lemma).
 */
public final class FakeQuant {

  /** How the straight-through gradient comes about. */
  enum Form {
    /** One op, whose gradient is registered. */
    REGISTERED_GRADIENT,
    /** Several ops, whose gradients TensorFlow has. */
    STOP_GRADIENT
  }

  /** Which end of a range. */
  enum Bound {
    MIN,
    MAX
  }

  private FakeQuant() {}

  /**
   * Adds a fake quant of {@code x} to the graph of {@code tf}.
   *
   * @param tf what names and places the op
   * @param x a tensor of any shape
   * @param format the format to round to
   * @return a tensor of the same shape whose elements are multiples of {@code format.step()}
   *     between {@code format.min()} and {@code format.max()}; NaN stays NaN
   * @throws IllegalArgumentException if {@code tf} belongs to an eager session, or {@code x} to
   *     another graph
   */
  public static Operand<TFloat32> of(Ops tf, Operand<TFloat32> x, FixedPoint format) {
    return of(tf, x, format, form());
  }

  static Operand<TFloat32> of(Ops tf, Operand<TFloat32> x, FixedPoint format, Form form) {
    Scope scope = tf.scope();
    if (!(scope.env() instanceof Graph graph)) {
      throw new IllegalArgumentException(
          "a fake quant must be built in a graph, but tf is of an eager session; make it with"
              + " Ops.create(graph)");
    }
    Operands.requireInGraph(graph, x, "the operand of a fake quant");
    return add(
        scope, scope.makeOpName(FakeQuantWithMinMaxVars.OP_NAME), x.asOutput(), format, form);
  }

  /** Adds a fake quant with the given full name, which nothing in the graph may have yet. */
  static Output<TFloat32> add(Scope scope, String name, Output<?> x, FixedPoint format, Form form) {
    return switch (form) {
      case REGISTERED_GRADIENT -> round(scope, name, x, format);
      case STOP_GRADIENT -> {
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

  /** Adds the op with bounds that need not be those of the format, of which it takes the codes. */
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

  /** Returns the part of a bound's name that tells the format: {@code int8_frac-7/max}. */
  static String boundName(FixedPoint format, Bound bound) {
    return (format.signed() ? "int" : "uint")
        + format.bits()
        + "_frac"
        + format.frac()
        + (bound == Bound.MIN ? "/min" : "/max");
  }

  /** Returns the form that trains on this platform. */
  static Form form() {
    return FakeQuantGradient.REGISTERED ? Form.REGISTERED_GRADIENT : Form.STOP_GRADIENT;
  }
}
