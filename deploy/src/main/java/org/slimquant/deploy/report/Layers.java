package org.slimquant.deploy.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Table;
import org.slimquant.model.WeightedOp;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.SiteName;

/** Finds the layers to draw. */
final class Layers {

  private Layers() {}

  /** Returns the inputs of a model and its ops, each with its inputs. */
  static List<Layer> of(IntegerModel model) {
    Map<String, Integer> makers = new LinkedHashMap<>();
    List<Layer> layers = new ArrayList<>();
    for (IntegerTensor input : model.inputs()) {
      makers.put(input.name(), layers.size());
      layers.add(new Layer(input.name(), "input", end(model, input), List.of(), flow(input)));
    }
    for (IntegerOp op : model.ops()) {
      List<Integer> inputs =
          op.inputs().stream().map(input -> makers.getOrDefault(input.name(), 0)).toList();
      makers.put(op.output().name(), layers.size());
      layers.add(new Layer(op.name(), op.type(), details(model, op), inputs, flow(op.output())));
    }
    return layers;
  }

  private static List<String> details(IntegerModel model, IntegerOp op) {
    List<String> details = new ArrayList<>();
    if (op instanceof WeightedOp layer) {
      details.add(
          "kernel %s, %s"
              .formatted(Notation.shape(layer.kernel().shape()), Notation.format(layer.kernel())));
    }
    if (op instanceof Table table) {
      int bytes = table.output().format().bits() > Byte.SIZE ? Short.BYTES : Byte.BYTES;
      details.add(
          "table of %s codes, %s bytes"
              .formatted(
                  Notation.count(table.codes().size()),
                  Notation.count((long) bytes * table.codes().size())));
    }
    details.addAll(end(model, op.output()));
    return details;
  }

  /** Returns which output of the model a tensor is. A model with one output ends with it. */
  private static List<String> end(IntegerModel model, IntegerTensor tensor) {
    int output = model.outputs().indexOf(tensor);
    return model.outputs().size() == 1 || output < 0
        ? List.of()
        : List.of("output %d of %d".formatted(output + 1, model.outputs().size()));
  }

  private static String flow(IntegerTensor tensor) {
    return "%s   %s".formatted(Notation.format(tensor.format()), Notation.shape(tensor.shape()));
  }

  /**
   * Returns the layers of a plan, one below the other: a plan does not say which layer reads which.
   *
   * <pre>{@code
   * conv1/SlimQuant/images, conv1/SlimQuant/kernel, conv1/SlimQuant/output   ─▶ conv1
   * }</pre>
   */
  static List<Layer> of(QuantizationPlan plan) {
    Map<String, List<Site>> sitesOf = new LinkedHashMap<>();
    for (Site site : plan.sites()) {
      sitesOf.computeIfAbsent(SiteName.callOf(site.name()), name -> new ArrayList<>()).add(site);
    }
    List<Layer> layers = new ArrayList<>();
    sitesOf.forEach(
        (name, sites) ->
            layers.add(
                new Layer(
                    name,
                    "",
                    sites.stream()
                        .filter(site -> site.kind() != Kind.OUTPUT)
                        .map(site -> part(site) + " " + Notation.format(site.format()))
                        .toList(),
                    layers.isEmpty() ? List.of() : List.of(layers.size() - 1),
                    sites.stream()
                        .filter(site -> site.kind() == Kind.OUTPUT)
                        .findFirst()
                        .map(site -> Notation.format(site.format()))
                        .orElse(""))));
    return layers;
  }

  private static String part(Site site) {
    return SiteName.parse(site.name()).map(SiteName::part).orElse(Notation.kind(site.kind()));
  }
}
