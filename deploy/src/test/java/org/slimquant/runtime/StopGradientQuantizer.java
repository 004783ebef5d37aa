package org.slimquant.runtime;

import org.slimquant.plan.QuantizationPlan;
import org.tensorflow.Graph;

/** Opens to tests of this module the form of fake quants that other platforms have. */
public final class StopGradientQuantizer {

  private StopGradientQuantizer() {}

  /** Returns a quantizer whose fake quants are composed of several ops. */
  public static GraphQuantizer of(Graph graph) {
    return new GraphQuantizer(graph, FakeQuant.Form.STOP_GRADIENT, QuantizationPlan.EMPTY);
  }
}
