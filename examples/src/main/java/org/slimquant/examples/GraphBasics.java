package org.slimquant.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.annotations.QuantInt8;
import org.slimquant.runtime.GraphQuantizer;
import org.tensorflow.EagerSession;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * An introduction to graphs for a reader who knows TensorFlow 1 from Python. It shows to which
 * graph an op belongs by default, how to name a graph, how to use several graphs, and how to find a
 * tensor's graph. Then it quantizes two graphs side by side.
 *
 * <table>
 *   <caption>The same in both languages</caption>
 *   <tr><th>Python, TensorFlow 1</th><th>TensorFlow Java</th></tr>
 *   <tr><td>{@code tf.get_default_graph()}</td>
 *       <td>{@code EagerSession.getDefault()}: an op without a graph runs at once</td></tr>
 *   <tr><td>{@code with g.as_default():}</td><td>{@code Ops tf = Ops.create(g)}</td></tr>
 *   <tr><td>{@code tensor.graph}</td><td>{@code operand.op().env()}</td></tr>
 * </table>
 */
final class GraphBasics {

  /**
   * A statement that was tried.
   *
   * @param statement the text of the statement
   * @param holds whether it was true
   */
  record Fact(String statement, boolean holds) {}

  /** The smallest model: one layer, without a kernel. */
  static class Rectifier {

    private final Ops tf;

    Rectifier(Ops tf) {
      this.tf = tf;
    }

    @QuantInt8(frac = -5)
    Operand<TFloat32> rectify(Operand<TFloat32> features) {
      return tf.nn.relu(features);
    }
  }

  private GraphBasics() {}

  /** Prints the facts. */
  public static void main(String[] args) {
    for (Fact fact : facts()) {
      System.out.printf("%-5s  %s%n", fact.holds(), fact.statement());
    }
  }

  /** Builds graphs and returns facts about them. */
  static List<Fact> facts() {
    List<Fact> facts = new ArrayList<>();
    try (Graph g1 = new Graph();
        Graph g2 = new Graph()) {
      defaultEnvironment(facts);
      explicitGraphs(facts, g1, g2);
      quantizedGraphs(facts, g1, g2);
    }
    return facts;
  }

  private static void defaultEnvironment(List<Fact> facts) {
    Ops tf = Ops.create();
    Operand<TFloat32> c = tf.constant(4f);
    facts.add(
        new Fact(
            "without a graph, ops belong to the default eager session",
            tf.scope().env() == EagerSession.getDefault() && c.op().env() == tf.scope().env()));
  }

  private static void explicitGraphs(List<Fact> facts, Graph g1, Graph g2) {
    Operand<TFloat32> c1 = Ops.create(g1).withName("c").constant(30f);
    Operand<TFloat32> c2 = Ops.create(g2).withName("c").constant(40f);
    facts.add(new Fact("Ops.create(g1).scope().env() is g1", Ops.create(g1).scope().env() == g1));
    facts.add(new Fact("a tensor made with it is of g1", c1.op().env() == g1));
    facts.add(
        new Fact("a tensor made with Ops.create(g2) is of g2, not of g1", c2.op().env() == g2));
    facts.add(
        new Fact(
            "both have the same name, each in its graph",
            c1.op().name().equals(c2.op().name())
                && c1.op().equals(g1.operation("c"))
                && c2.op().equals(g2.operation("c"))));
  }

  private static void quantizedGraphs(List<Fact> facts, Graph g1, Graph g2) {
    List<String> untouched = ops(g2);
    GraphQuantizer quantizer1 = quantizedRectifier(g1);
    facts.add(new Fact("quantizing a model in g1 leaves g2 as it was", ops(g2).equals(untouched)));

    List<String> first = ops(g1);
    GraphQuantizer quantizer2 = quantizedRectifier(g2);
    facts.add(new Fact("quantizing one in g2 then leaves g1 as it was", ops(g1).equals(first)));
    facts.add(
        new Fact(
            "both have the same plan, each in its graph",
            quantizer1.plan().equals(quantizer2.plan()) && ops(g1).equals(ops(g2))));
    facts.add(
        new Fact(
            "a quantizer takes no tensor of another graph",
            isRefused(
                () ->
                    new QuantizedGraphBasics_Rectifier(Ops.create(g2), quantizer1)
                        .rectify(features(g2)))));
  }

  private static GraphQuantizer quantizedRectifier(Graph graph) {
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    new QuantizedGraphBasics_Rectifier(Ops.create(graph), quantizer).rectify(features(graph));
    return quantizer;
  }

  private static Operand<TFloat32> features(Graph graph) {
    return Ops.create(graph).placeholder(TFloat32.class);
  }

  private static boolean isRefused(Runnable action) {
    try {
      action.run();
      return false;
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  /** Returns the ops of a graph as text: {@code Relu conv1/Relu <- [conv1/Conv2d:0]}. */
  static List<String> ops(Graph graph) {
    List<String> ops = new ArrayList<>();
    graph.operations().forEachRemaining(op -> ops.add(text(op)));
    return ops;
  }

  private static String text(GraphOperation op) {
    List<String> inputs =
        IntStream.range(0, op.numInputs())
            .mapToObj(op::input)
            .map(input -> input.op().name() + ":" + input.index())
            .toList();
    return "%s %s <- %s".formatted(op.type(), op.name(), inputs);
  }
}
