package org.slimquant.deploy.compile.match;

import org.slimquant.deploy.compile.graph.Grids;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.model.Requantize;

/**
 * Matches a fake quant or an activation of a tensor that has codes already.
 *
 * <pre>{@code
 * x, 2^di ─▶ Relu6 ─▶ Quantize, 2^do ─▶          before
 * x, 2^d ─▶ Relu ─▶                              before, without a fake quant
 * x ─▶ Requantize[0 .. code of 6] ─▶             after
 * }</pre>
 *
 * <p><b>The same function:</b> the code of 2^di·X at step 2^do is {@code floor(X·2^(di-do) + 1/2)},
 * and clamping commutes with rounding, so {@code code(min(x, 6)) = min(code(x), code(6))} even if 6
 * is not a multiple of a step. Without a fake quant after it, a Relu6 keeps codes only if 6 is a
 * code or beyond all codes: see {@link Grids}.
 */
final class RequantizeMatcher {

  private RequantizeMatcher() {}

  static Node match(FusedOp fused) {
    fused.requireNoBias();
    return fused.requantized(
        (name, inputs, output) -> new Requantize(name, inputs.get(0), fused.range(), output));
  }
}
