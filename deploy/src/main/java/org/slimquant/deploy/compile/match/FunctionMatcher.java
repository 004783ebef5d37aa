package org.slimquant.deploy.compile.match;

import java.util.List;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Clamp;
import org.slimquant.deploy.compile.graph.NodePayload.Lookup;
import org.slimquant.deploy.compile.graph.NodePayload.Slopes;
import org.slimquant.model.CodeRange;
import org.slimquant.model.LeakyRelu;
import org.slimquant.model.Requantize;
import org.slimquant.model.Slope;
import org.slimquant.model.Table;

/**
 * Matches a function of one number, see {@code TabulateFunctions}.
 *
 * <pre>{@code
 * x ─▶ Function ─▶ Quantize ─▶          before
 *
 * x ─▶ Table ─▶                         after: any function
 * x ─▶ LeakyRelu ─▶                     after: slopes that are powers of two
 * x ─▶ Requantize ─▶                    after: slopes of 1, or of 1 and 0
 * }</pre>
 */
final class FunctionMatcher {

  private FunctionMatcher() {}

  static Node match(FusedOp fused) {
    if (fused.root().payload() instanceof Lookup lookup) {
      return fused.pending(
          List.of(0),
          (name, inputs, output) ->
              new Table(name, inputs.get(0), lookup.codes(), lookup.nearestTie(), output));
    }
    if (!(fused.root().payload() instanceof Slopes slopes)) {
      throw new AssertionError(fused.root());
    }
    Clamp clamp = slopes.clamp();
    CodeRange range = CodeRange.clamp(fused.format(), clamp.min(), clamp.max()).then(fused.range());
    Slope positive = slopes.positive();
    Slope negative = slopes.negative();
    if (positive.equals(Slope.ONE) && negative.equals(Slope.ONE)) {
      return requantize(fused, range);
    }
    if (positive.equals(Slope.ONE) && negative.equals(Slope.ZERO)) {
      return requantize(fused, CodeRange.relu(fused.format()).then(range));
    }
    return fused.pending(
        List.of(0),
        (name, inputs, output) ->
            new LeakyRelu(name, inputs.get(0), positive, negative, range, output));
  }

  private static Node requantize(FusedOp fused, CodeRange range) {
    return fused.pending(
        List.of(0), (name, inputs, output) -> new Requantize(name, inputs.get(0), range, output));
  }
}
