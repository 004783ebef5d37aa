package org.slimquant.deploy.compile.graph;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.slimquant.calibration.Observer;
import org.slimquant.io.ShortList;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.SiteName;
import org.slimquant.runtime.fakequant.ProbePlacement;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;

/**
 * Checks that a graph was built with a plan.
 *
 * <p>Without this check, a graph that calibrates or probes, the float model, or another model would
 * give a long list of tensors without formats, with remedies that do not help.
 */
public final class PlannedGraph {

  private PlannedGraph() {}

  /**
   * Checks that a graph has fake quants of a plan. It need not have all of them, because a part of
   * a model may be loaded alone.
   *
   * @throws IllegalArgumentException if it has none; the message says which kind of graph it is
   *     instead
   */
  public static void require(Graph graph, QuantizationPlan plan) {
    List<GraphOperation> ops =
        plan.sites().stream()
            .map(site -> graph.operation(site.name()))
            .filter(Objects::nonNull)
            .toList();
    if (ops.stream().anyMatch(op -> ProbePlacement.fakeQuant(op).isPresent())) {
      throw error("this one probes its tensors one at a time, and computes the float model");
    }
    if (ops.stream().allMatch(Observer::isObserver)) {
      throw error(fact(graph, plan));
    }
  }

  private static String fact(Graph graph, QuantizationPlan plan) {
    if (Observer.isIn(graph)) {
      return "this one calibrates, and computes the float model";
    }
    Set<String> layers = layers(graph);
    if (layers.isEmpty()) {
      return "this one has no fake quants: it is the float model";
    }
    return plan.sites().isEmpty()
        ? "the plan has no sites: is it that of a quantizer that calibrates?"
        : "none of the plan's names is in this one: the plan has the layers %s, the graph %s"
            .formatted(
                ShortList.of(plan.sites().stream().map(Site::name).map(SiteName::callOf)),
                ShortList.of(layers.stream()));
  }

  private static IllegalArgumentException error(String fact) {
    return new IllegalArgumentException(
        ("a graph must be built with GraphQuantizer.fakeQuant and the plan that it is compiled"
                + " with, but %s; build the model in a graph of its own with that plan, and give"
                + " that graph's session and tensors")
            .formatted(fact));
  }

  /** Returns the layers of which a graph has sites. */
  private static Set<String> layers(Graph graph) {
    Set<String> layers = new LinkedHashSet<>();
    graph
        .operations()
        .forEachRemaining(
            op -> {
              SiteName.parse(op.name()).map(SiteName::call).ifPresent(layers::add);
            });
    return layers;
  }
}
