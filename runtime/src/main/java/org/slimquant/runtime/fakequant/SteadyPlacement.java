package org.slimquant.runtime.fakequant;

import java.util.Optional;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.graph.Channels;
import org.slimquant.runtime.graph.Devices;
import org.tensorflow.Output;
import org.tensorflow.op.Scope;
import org.tensorflow.types.TFloat32;

/** Rounds in every run, with the straight-through gradient that a model trains with. */
public record SteadyPlacement(GradientForm form) implements FakeQuantPlacement {

  @Override
  public Output<TFloat32> add(Site site, Output<?> tensor, Optional<Channels> channels) {
    Scope scope = Devices.beside(tensor);
    if (site.format() instanceof FixedPoint format) {
      return PerTensorFakeQuant.add(scope, site.name(), tensor, format, form);
    }
    if (site.format() instanceof PerChannel format) {
      return PerChannelFakeQuant.add(
          scope, site.name(), tensor, format, channels.orElseThrow().broadcastShape(), form);
    }
    if (site.format() instanceof BiasFormat format) {
      return BiasFakeQuant.add(scope, site.name(), tensor, format);
    }
    throw new AssertionError(site);
  }
}
