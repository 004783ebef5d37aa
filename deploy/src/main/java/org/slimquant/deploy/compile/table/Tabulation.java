package org.slimquant.deploy.compile.table;

import java.util.Optional;
import org.slimquant.deploy.compile.graph.Grids;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload;
import org.slimquant.deploy.compile.graph.NodePayload.Lookup;
import org.slimquant.deploy.compile.graph.NodePayload.Slopes;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.RefusedException;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.Codes;
import org.tensorflow.Session;

/** Finds out what the function of a chain is, by running its ops on all codes. */
public final class Tabulation {

  private final OpGraph graph;
  private final Grids grids;
  private final Session session;

  /**
   * Creates a tabulation.
   *
   * @param session a session of TensorFlow's graph, whose variables have their values
   */
  public Tabulation(OpGraph graph, Grids grids, Session session) {
    this.graph = graph;
    this.grids = grids;
    this.session = session;
  }

  /**
   * Returns the payload of the node that computes the function: two slopes, or a table.
   *
   * @param output the format to which the function is rounded
   * @throws RefusedException if a value is NaN, or a constant differs from channel to channel
   */
  public NodePayload payload(ElementChain chain, FixedPoint output) {
    chain.requireNumbers();
    CodeValues codes = CodeValues.of(graph, grids, chain.source());
    ChainRun run = new ChainRun(graph, session, chain);
    float[] arguments = codes.values();
    float[] values = run.run(arguments);
    requireNumbers(chain, run, codes, arguments, values);
    Optional<Slopes> slopes = Functions.slopes(arguments, values);
    if (slopes.isPresent()) {
      return slopes.get();
    }
    return new Lookup(
        Codes.of(FakeQuantRun.codes(values, output)),
        Functions.nearestTie(values, output, codes.format().minCode(), chain.isExact()));
  }

  private static void requireNumbers(
      ElementChain chain, ChainRun run, CodeValues codes, float[] arguments, float[] values) {
    int first = CodeValues.firstNan(values);
    if (first < 0) {
      return;
    }
    Node culprit = culprit(chain, run, arguments, first);
    throw new RefusedException(
        culprit,
        "it is NaN for code %d of %s, which is %s"
            .formatted(
                Math.max(
                    codes.codes().min(),
                    Math.min(codes.codes().max(), codes.format().minCode() + first)),
                chain.source().op(),
                arguments[first]),
        "keep its argument where it is defined, with a maximum or a ReLU before it in the layer");
  }

  /** Returns the first op of floats whose value is NaN. */
  private static Node culprit(ElementChain chain, ChainRun run, float[] arguments, int index) {
    for (Node node : chain.nodes()) {
      if (run.isFloat(node) && Float.isNaN(run.run(node, arguments)[index])) {
        return node;
      }
    }
    return chain.last();
  }
}
