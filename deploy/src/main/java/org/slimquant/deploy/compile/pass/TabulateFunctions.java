package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slimquant.deploy.compile.graph.Added;
import org.slimquant.deploy.compile.graph.Grids;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload;
import org.slimquant.deploy.compile.graph.NodePayload.Quantizer;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.deploy.compile.graph.RefusedException;
import org.slimquant.deploy.compile.table.ElementChain;
import org.slimquant.deploy.compile.table.Tabulation;
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
    return new Run(graph, session, refusals).result();
  }

  /** The nodes of the new graph that are made already. */
  private static final class Run {

    private final OpGraph graph;
    private final Grids grids;
    private final Tabulation tabulation;
    private final Refusals refusals;
    private final Set<String> taken = new HashSet<>();
    private final List<Node> nodes = new ArrayList<>();

    Run(OpGraph graph, Session session, Refusals refusals) {
      this.graph = graph;
      this.refusals = refusals;
      grids = Grids.of(graph);
      tabulation = new Tabulation(graph, grids, session);
      graph.nodes().forEach(node -> taken.add(node.id()));
    }

    OpGraph result() {
      for (Node node : graph.nodes()) {
        Optional<ElementChain> chain =
            node.is(Node.QUANTIZE)
                ? ElementChain.of(graph, grids, graph.node(node.input()))
                : Optional.empty();
        chain.ifPresentOrElse(found -> replace(node, found), () -> nodes.add(node));
      }
      return graph.with(nodes);
    }

    private void replace(Node quantize, ElementChain chain) {
      Node last = chain.last();
      Node function =
          new Node(
              Added.behind(last, id -> !taken.add(id)),
              last.op(),
              Node.FUNCTION,
              List.of(chain.source().id()),
              last.shape(),
              payload(quantize, chain));
      nodes.add(function);
      nodes.add(quantize.withInputs(List.of(function.id())));
    }

    private NodePayload payload(Node quantize, ElementChain chain) {
      try {
        return tabulation.payload(chain, quantize.quantizer().map(Quantizer::format).orElseThrow());
      } catch (RefusedException e) {
        refusals.add(e.refused().node(), e.refused().reason(), e.refused().remedy());
        return NodePayload.Slopes.IDENTITY;
      }
    }
  }
}
