package org.slimquant.deploy.compile.match;

import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.deploy.compile.graph.RefusedException;
import org.slimquant.runtime.graph.OpKind;
import org.slimquant.runtime.graph.OpRole;
import org.slimquant.runtime.graph.OpTypes;

/** Refuses the ops that have no integer op, each with a remedy for its kind. */
final class FloatOps {

  /** The remedy for any op. */
  public static final String CUT =
      "cut the model in two: compile one that ends with the last quantized tensor before it, and one that begins with the first behind it";

  private FloatOps() {}

  /** Refuses an op of a type that cannot be converted. */
  static void refuse(OpGraph graph, Node node, Refusals refusals) {
    String type = node.type();
    if (type.startsWith("FusedBatchNorm") || type.startsWith("BatchNorm")) {
      refuseNormalization(node, refusals);
    } else if (type.startsWith("FakeQuant")) {
      refusals.add(
          node,
          "this fake quant is not in the plan",
          "compile with the plan of the quantizer that built this graph, or add the site to it");
    } else if (type.startsWith("Placeholder")) {
      refusals.add(
          node,
          "the model is fed from it, too",
          "list it as an input, make it a constant, or compile the branch alone that does not read it");
    } else if (type.startsWith("Gather")) {
      refusals.add(
          node,
          "it looks up rows of a table, and an index has no integer op",
          "feed one-hot rows in place of the indices, and let a dense layer multiply them by the table (MatMul), which gives the same rows");
    } else if (type.equals("AddN")) {
      refusals.add(
          node,
          "it adds more than two tensors, and rounds once",
          "add two of them at a time, each sum in a @QuantInt8 method of its own");
    } else if (node.is(OpKind.SOFTMAX)) {
      refusals.add(
          node,
          "its sum of exponentials has no integer op",
          "write it as layers: Sub of the Max, Exp, the reciprocal of the Mean, Mul (docs/supported-ops.md shows it), or "
              + CUT);
    } else if (OpTypes.isRandom(type)) {
      refusals.add(node, "it is random", "build the deployment graph without noise");
    } else if (node.role() == OpRole.CHOICE) {
      refusals.add(
          node,
          "it chooses while the graph runs",
          "build the deployment graph with the branch alone that is to be deployed");
    } else if (node.role() == OpRole.FACTOR && readsConstant(graph, node)) {
      refusals.add(withConstant(node));
    } else {
      refusals.add(node, "it has no integer op", "build the layer from other ops, or " + CUT);
    }
  }

  private static void refuseNormalization(Node node, Refusals refusals) {
    if (node.attributes().flag("is_training")) {
      refusals.add(
          node,
          "it normalizes by the statistics of the batch",
          "build the graph to compile with isTraining(false), and restore the trained checkpoint");
    } else {
      refusals.add(
          node,
          "a batch normalization that no layer folded has no integer op",
          "let it directly follow the kernel op of a @QuantInt8 method");
    }
  }

  /** Returns the refusal of an op of data and a constant. */
  static RefusedException withConstant(Node node) {
    return new RefusedException(
        node,
        "it has no integer op",
        "fold a factor into a kernel and an offset into a bias, or " + CUT);
  }

  /**
   * Returns whether an op computes in floats wherever it is: it has no integer op, or none with a
   * constant.
   */
  static boolean isFloat(OpGraph graph, Node node) {
    return !node.isInteger() || (node.role() == OpRole.ARITHMETIC && readsConstant(graph, node));
  }

  static boolean readsConstant(OpGraph graph, Node node) {
    return node.inputs().stream().anyMatch(input -> graph.node(input).is(Node.CONSTANT));
  }
}
