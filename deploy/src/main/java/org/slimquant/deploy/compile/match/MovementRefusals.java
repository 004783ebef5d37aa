package org.slimquant.deploy.compile.match;

import org.slimquant.deploy.compile.graph.RefusedException;
import org.slimquant.deploy.compile.move.Movements;
import org.slimquant.deploy.compile.move.TransposedConvolution;

/**
 * The refusals of ops that move elements. A pass has replaced all of these ops that integers can
 * compute, so there is a reason for each that is left.
 */
final class MovementRefusals {

  private MovementRefusals() {}

  static RefusedException of(FusedOp fused) {
    return refusal(fused, () -> Movements.of(fused.context().graph(), fused.root()));
  }

  static RefusedException ofTransposed(FusedOp fused) {
    return refusal(fused, () -> TransposedConvolution.of(fused.context().graph(), fused.root()));
  }

  private static RefusedException refusal(FusedOp fused, Runnable write) {
    try {
      write.run();
    } catch (RefusedException refused) {
      return refused;
    }
    return new RefusedException(fused.root(), "it has no integer op", FloatOps.CUT);
  }
}
