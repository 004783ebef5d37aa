package org.slimquant.deploy.compile.move;

import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.Literal;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.RefusedException;

/** An op of TensorFlow that moves elements, and the facts about its inputs. */
record MovedOp(OpGraph graph, Node node) {

  /** Returns an example's shape of what the op reads at an input. */
  List<Integer> shape(int input) {
    Node read = graph.node(node.inputs().get(input));
    return read.shape().orElseThrow(() -> unknownShape(read));
  }

  /** Returns an example's shape of the op's output. */
  List<Integer> shape() {
    return node.shape().orElseThrow(() -> unknownShape(node));
  }

  private RefusedException unknownShape(Node of) {
    return refused(
        "the shape of %s is not known when the graph is built".formatted(of.op()),
        "build the deployment graph with sizes that follow from the input's shape");
  }

  /** Returns the constant that the op reads at an input. */
  Literal literal(int input, String what) {
    Node read = graph.node(node.inputs().get(input));
    return read.literal()
        .orElseThrow(
            () ->
                refused(
                    "its %s %s is computed from data".formatted(what, node.inputs().get(input)),
                    "let it be a constant"));
  }

  /** Returns the whole numbers that the op reads at an input. */
  List<Integer> integers(int input, String what) {
    return literal(input, what).integers();
  }

  /** Returns a whole number that is an attribute. */
  int attribute(String name) {
    return Math.toIntExact(node.attributes().numbers(name).get(0));
  }

  /** Returns an axis, counted without the batch, of a tensor of a rank without the batch. */
  int axis(int axis, int rank) {
    int positive = Math.floorMod(axis, rank + 1);
    if (positive == 0) {
      throw batch("along the axis %d".formatted(axis));
    }
    return positive - 1;
  }

  /** Returns the refusal of an op that does not keep the examples of a batch apart. */
  RefusedException batch(String how) {
    return refused(
        "it moves examples of the batch: " + how, "let the first axis stay as it is, the batch");
  }

  RefusedException refused(String reason, String remedy) {
    return new RefusedException(node, reason, remedy);
  }

  /** Checks that images have their channels last. */
  void requireChannelsLast() {
    String format = node.attributes().text("data_format");
    if (!format.equals("NHWC")) {
      throw refused("it has the data format %s".formatted(format), "build the model with NHWC");
    }
  }

  /** Returns a list of the same number. */
  static List<Integer> all(int number, int count) {
    return IntStream.range(0, count).map(i -> number).boxed().toList();
  }

  /** Returns the axes in their order. */
  static List<Integer> axes(int rank) {
    return IntStream.range(0, rank).boxed().toList();
  }
}
