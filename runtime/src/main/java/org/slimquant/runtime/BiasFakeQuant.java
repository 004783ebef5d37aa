package org.slimquant.runtime;

import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Scope;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;

/**
 * Fake quantization to 32-bit codes, which TensorFlow's op does not have:
 *
 * <pre>{@code
 * bias ─▶ (* 2^-d) ─▶ clip ─┬─▶ floor ─┬────────────────▶ (+) ─▶ (- clip) ─▶ stop gradient ─▶ (+ clip) ─▶ (* 2^d) ─▶
 *                           │          ▼                   ▲                                      ▲
 *                           ├─▶ (clip - floor) ─▶ (>= 1/2) ┘                                      │
 *                           └─────────────────────────────────────────────────────────────────────┘
 * }</pre>
 *
 * <p>The code is {@code clamp(floor(x / 2^d + 1/2))} for every float32 {@code x}. The sum {@code x
 * / 2^d + 1/2} itself would round: at odd codes from 2^23 on, and under a tie. So what {@code
 * floor} takes away is compared with 1/2 instead, which is exact: the difference has no more bits
 * than {@code x}, or it lies between -1/2 and 0 from the next code, where its rounding decides
 * nothing. All other steps are products with powers of two, or exact as in {@link FakeQuant}. A
 * bias has few elements, so that the number of ops does not count.
 *
 * <p>The gradient is the straight-through estimator: 1 where the code is within 32 bits, else 0.
 */
final class BiasFakeQuant {

  private BiasFakeQuant() {}

  /** Adds a fake quant with the given full name, which nothing in the graph may have yet. */
  static Output<TFloat32> add(Scope scope, String name, Output<?> x, BiasFormat format) {
    Graph graph = (Graph) scope.env();
    int count = format.fracs().size();
    Shape shape = count == 1 ? Shape.scalar() : Shape.of(count);
    Output<TFloat32> inverse =
        Primitives.powersOfTwo(graph, name + "/inverse", shape, format.fracs(), -1);
    Output<TFloat32> step = Primitives.powersOfTwo(graph, name + "/step", shape, format.fracs(), 1);
    Output<TFloat32> min =
        Primitives.sharedConstant(graph, "SlimQuant/int32/min", -BiasFormat.MAX_CODE);
    Output<TFloat32> max =
        Primitives.sharedConstant(graph, "SlimQuant/int32/max", BiasFormat.MAX_CODE);

    Output<TFloat32> steps = Primitives.op(scope, "Mul", name + "/steps", x, inverse);
    Output<TFloat32> clip = Primitives.op(scope, "ClipByValue", name + "/clip", steps, min, max);
    Output<TFloat32> codes = round(scope, name, clip);
    Output<TFloat32> change = Primitives.op(scope, "Sub", name + "/change", codes, clip);
    Output<TFloat32> stopped = Primitives.op(scope, "StopGradient", name + "/stop", change);
    Output<TFloat32> straightThrough =
        Primitives.op(scope, "AddV2", name + "/straightThrough", clip, stopped);
    return Primitives.op(scope, "Mul", name, straightThrough, step);
  }

  /** Rounds half up, exactly. */
  private static Output<TFloat32> round(Scope scope, String name, Output<TFloat32> x) {
    Output<TFloat32> half =
        Primitives.sharedConstant((Graph) scope.env(), "SlimQuant/int32/half", 0.5f);
    Output<TFloat32> floor = Primitives.op(scope, "Floor", name + "/floor", x);
    Output<TFloat32> rest = Primitives.op(scope, "Sub", name + "/rest", x, floor);
    Output<?> up = Primitives.op(scope, "GreaterEqual", name + "/up", rest, half);
    Output<?> carry =
        scope
            .env()
            .opBuilder("Cast", name + "/carry", scope)
            .addInput(up)
            .setAttr("DstT", DataType.DT_FLOAT)
            .build()
            .output(0);
    return Primitives.op(scope, "AddV2", name + "/codes", floor, carry);
  }
}
