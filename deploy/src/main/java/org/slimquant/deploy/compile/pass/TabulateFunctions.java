package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slimquant.deploy.compile.graph.Added;
import org.slimquant.deploy.compile.graph.Grids;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Quantizer;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.deploy.compile.graph.RefusedException;
import org.slimquant.deploy.compile.table.ElementChain;
import org.slimquant.deploy.compile.table.Tabulation;
import org.slimquant.format.FixedPoint;
import org.tensorflow.Session;

/**
 * Replaces elementwise ops between a tensor with codes and a fake quant with one node, whatever
 * their function is.
 *
 * <pre>{@code
 * Quantize ─┬─▶ AddV2 3 ─▶ Relu6 ─▶ Mul ─▶ Mul 1/6 ─▶ Quantize          before
 *           └────────────────────────▲
 * Quantize ─▶ Function ─▶ Quantize                                      after
 * }</pre>
 *
 * <p><b>The same function:</b> the tensor has at most 2^16 values, and the session runs the very
 * ops of the graph on all of them.
 */
public final class TabulateFunctions implements Pass {

  private final Session session;

  /** Creates the pass for a session whose variables have their values. */
  public TabulateFunctions(Session session) {
    this.session = session;
  }

  @Override
  public OpGraph apply(OpGraph graph, Refusals refusals) {
    Grids grids = Grids.of(graph);
    Tabulation tabulation = new Tabulation(graph, grids, session);
    List<Node> nodes = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    graph.nodes().forEach(node -> taken.add(node.id()));
    for (Node node : graph.nodes()) {
      if (!node.is(Node.QUANTIZE)) {
        nodes.add(node);
        continue;
      }
      try {
        FixedPoint format = node.quantizer().map(Quantizer::format).orElseThrow();
        ElementChain.of(graph, grids, graph.node(node.input()))
            .ifPresentOrElse(
                chain -> {
                  Node function =
                      new Node(
                          Added.behind(chain.last(), id -> !taken.add(id)),
                          chain.last().op(),
                          Node.FUNCTION,
                          List.of(chain.source().id()),
                          chain.last().shape(),
                          tabulation.payload(chain, format));
                  nodes.add(function);
                  nodes.add(node.withInputs(List.of(function.id())));
                },
                () -> nodes.add(node));
      } catch (RefusedException e) {
        refusals.add(e.refused().node(), e.refused().reason(), e.refused().remedy());
        nodes.add(node);
      }
    }
    return graph.with(nodes);
  }
}
