package org.slimquant.deploy.testing;

import java.util.Optional;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.fakequant.GradientForm;
import org.slimquant.runtime.fakequant.SteadyPlacement;
import org.slimquant.runtime.gradient.TrainableForms;
import org.slimquant.runtime.site.FakeQuants;
import org.slimquant.runtime.site.PlannedFormats;
import org.tensorflow.Graph;

/** A quantizer whose fake quants are composed of several ops, as on other platforms. */
public final class StopGradientQuantizer extends GraphQuantizer {

  private StopGradientQuantizer(Graph graph) {
    super(
        graph,
        QuantizationPlan.EMPTY,
        new FakeQuants(
            new SteadyPlacement(GradientForm.COMPOSED), new PlannedFormats(QuantizationPlan.EMPTY)),
        Optional.of(new TrainableForms(GradientForm.COMPOSED)));
  }

  /** Returns a quantizer of the layers that are added to {@code graph}. */
  public static GraphQuantizer of(Graph graph) {
    return new StopGradientQuantizer(graph);
  }
}
