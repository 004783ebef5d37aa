package org.slimquant.runtime.testing;

import java.util.Optional;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.fakequant.GradientForm;
import org.slimquant.runtime.fakequant.SteadyPlacement;
import org.slimquant.runtime.gradient.TrainableForms;
import org.slimquant.runtime.site.FakeQuants;
import org.slimquant.runtime.site.PlannedFormats;
import org.tensorflow.Graph;

/** A quantizer whose gradients have a given form, which need not be that of the platform. */
public final class QuantizerOfForm extends GraphQuantizer {

  /** Creates a quantizer. */
  public QuantizerOfForm(Graph graph, GradientForm form, QuantizationPlan plan) {
    super(
        graph,
        plan,
        new FakeQuants(new SteadyPlacement(form), new PlannedFormats(plan)),
        Optional.of(new TrainableForms(form)));
  }
}
