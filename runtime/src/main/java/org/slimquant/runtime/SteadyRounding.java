package org.slimquant.runtime;

import java.util.Optional;
import org.slimquant.runtime.QuantizationPlan.Site;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.types.TFloat32;

/** Rounds in every run, with the straight-through gradient: what a model trains through. */
final class SteadyRounding implements Rounding {

  private final Graph graph;
  private final FakeQuant.Form form;

  SteadyRounding(Graph graph, FakeQuant.Form form) {
    this.graph = graph;
    this.form = form;
  }

  @Override
  public Output<TFloat32> add(Site site, Output<?> tensor, Optional<Channels> channels) {
    if (site.format() instanceof FixedPoint format) {
      return FakeQuant.add(graph.baseScope(), site.name(), tensor, format, form);
    }
    if (site.format() instanceof PerChannel format) {
      return PerChannelFakeQuant.add(
          graph.baseScope(),
          site.name(),
          tensor,
          format,
          channels.orElseThrow().broadcastShape(),
          form);
    }
    if (site.format() instanceof BiasFormat format) {
      return BiasFakeQuant.add(graph.baseScope(), site.name(), tensor, format);
    }
    throw new AssertionError(site);
  }
}
