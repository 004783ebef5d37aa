package org.slimquant.runtime;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slimquant.format.FixedPoint;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.runtime.graph.Operands;
import org.slimquant.runtime.layer.LayerCall;
import org.slimquant.runtime.layer.OriginFinder;
import org.slimquant.runtime.site.PlannedSite;
import org.slimquant.runtime.site.QuantizedTensors;
import org.slimquant.runtime.site.SiteInstrumentation;
import org.slimquant.runtime.site.SiteRequest;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.types.TFloat32;

/** The outputs of layers: checks them, and plans a site for each. */
final class LayerOutputs {

  private final Graph graph;
  private final QuantizedTensors tensors;
  private final OriginFinder origins;

  LayerOutputs(Graph graph, QuantizedTensors tensors, OriginFinder origins) {
    this.graph = graph;
    this.tensors = tensors;
    this.origins = origins;
  }

  /**
   * Checks what a layer returned.
   *
   * @throws IllegalStateException if the layer returns nothing or null
   * @throws IllegalArgumentException if an output is not of the quantizer's graph
   */
  void check(QuantizedLayer layer, List<? extends @Nullable Operand<TFloat32>> returned) {
    if (returned.isEmpty()) {
      throw new IllegalStateException(
          "layer %s must return its outputs, but returns none".formatted(layer.name()));
    }
    for (Operand<TFloat32> output : returned) {
      if (output == null) {
        throw nothing(layer);
      }
      Operands.requireInGraph(graph, output, "the output of layer %s".formatted(layer.name()));
    }
  }

  /** Returns the error of a layer that returns null. */
  static IllegalStateException nothing(QuantizedLayer layer) {
    return new IllegalStateException(
        "layer %s must return its output, but returns null".formatted(layer.name()));
  }

  /**
   * Plans the sites of outputs, of which some may be the same tensor.
   *
   * @throws IllegalStateException as {@link GraphQuantizer#layer} says
   * @throws IllegalArgumentException as {@link GraphQuantizer#layer} says
   */
  List<PlannedSite> plan(QuantizedLayer layer, LayerCall call, List<Output<?>> returned) {
    List<PlannedSite> sites = new ArrayList<>();
    for (int i = 0; i < returned.size(); i++) {
      Output<?> tensor = returned.get(i);
      QuantizedOutput output = layer.output(i);
      SiteRequest request =
          SiteRequest.of(
              call.siteName(output.name()),
              Kind.OUTPUT,
              tensor,
              output.format(),
              () -> origins.output(call, tensor));
      int first = returned.indexOf(tensor);
      sites.add(first < i ? planAgain(sites.get(first), request) : tensors.plan(request));
    }
    return sites;
  }

  /** Plans the site of a tensor that the layer returns twice: it is the site that it has. */
  private static PlannedSite planAgain(PlannedSite first, SiteRequest again) {
    if (first.request().format() instanceof FixedPoint one
        && again.format() instanceof FixedPoint other
        && !one.equals(other)) {
      throw SiteInstrumentation.twoFormats(
          Operands.name(again.tensor()), first.name(), one, again.name(), other);
    }
    return new PlannedSite(first.name(), again, first.site());
  }
}
