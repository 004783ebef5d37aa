package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Literal;
import org.slimquant.deploy.compile.graph.NodePayload.Quantizer;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.format.FixedPoint;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.graph.OpKind;

/**
 * Folds the ops of each fake quant of data into one node, and checks that they round as the plan
 * says.
 *
 * <pre>{@code
 * min, max ────────────┐
 * x ─▶ FakeQuantWithMinMaxVars ─▶                              before, one op
 *
 * x ─▶ clip ─┬─▶ FakeQuantWithMinMaxVars ─▶ (- clip) ─▶ (+ clip) ─▶       before, without the
 *            └───────────────────────────────────────────▲                stop-gradient
 *
 * x ─▶ Quantize[int8 * 2^-4] ─▶                                after
 * }</pre>
 *
 * <p>The fake quants of kernels and biases are constants already.
 */
public final class FoldQuantizers implements Pass {

  private final QuantizationPlan plan;

  public FoldQuantizers(QuantizationPlan plan) {
    this.plan = plan;
  }

  @Override
  public OpGraph apply(OpGraph graph, Refusals refusals) {
    Map<String, Node> nodes = new LinkedHashMap<>();
    graph.nodes().forEach(node -> nodes.put(node.id(), node));
    for (Site site : plan.sites()) {
      Node node = nodes.get(site.name());
      if (node != null && site.format() instanceof FixedPoint format) {
        fold(graph, node, format, refusals).ifPresent(folded -> nodes.put(folded.id(), folded));
      }
    }
    return graph.with(new ArrayList<>(nodes.values()));
  }

  private static Optional<Node> fold(
      OpGraph graph, Node node, FixedPoint format, Refusals refusals) {
    return fakeQuant(graph, node)
        .map(
            fakeQuant -> {
              if (!rounds(graph, fakeQuant, format)) {
                refusals.add(
                    node,
                    "is %s in the plan, but its op rounds to other numbers".formatted(format),
                    "compile with the plan of the quantizer that built this graph");
              }
              String x = node.equals(fakeQuant) ? node.input() : graph.node(node.input()).input();
              return node.as(Node.QUANTIZE, List.of(x), new Quantizer(node.op(), format));
            });
  }

  /** Returns the op that rounds in a fake quant of one of the two forms. */
  private static Optional<Node> fakeQuant(OpGraph graph, Node node) {
    if (node.is(OpKind.FAKE_QUANT)) {
      return Optional.of(node);
    }
    // clip + (round - clip)
    if (!node.is(OpKind.ADD_V2)) {
      return Optional.empty();
    }
    Node clip = graph.node(node.input());
    Node change = graph.node(node.inputs().get(1));
    if (!clip.is(OpKind.CLIP_BY_VALUE) || !change.is(OpKind.SUB)) {
      return Optional.empty();
    }
    Node round = graph.node(change.input());
    boolean composed =
        round.is(OpKind.FAKE_QUANT)
            && round.input().equals(clip.id())
            && change.inputs().get(1).equals(clip.id())
            && clip.inputs().subList(1, 3).equals(round.inputs().subList(1, 3));
    return composed ? Optional.of(round) : Optional.empty();
  }

  private static boolean rounds(OpGraph graph, Node fakeQuant, FixedPoint format) {
    List<Double> bounds =
        fakeQuant.inputs().subList(1, 3).stream()
            .flatMap(input -> graph.node(input).literal().stream())
            .map(FoldQuantizers::scalar)
            .toList();
    return bounds.equals(Stream.of(format.min(), format.max()).map(Float::doubleValue).toList())
        && fakeQuant.attributes().numbers("num_bits").equals(List.of((long) format.bits()))
        && fakeQuant.attributes().flag("narrow_range") == format.signed();
  }

  private static double scalar(Literal literal) {
    return literal.elements()[0];
  }
}
