package org.slimquant.deploy.compile.graph;

import java.util.function.Predicate;

/**
 * The place of a node that a pass has added. TensorFlow does not have its tensor.
 *
 * <pre>{@code
 * Conv2D ─▶ MaxPool ─▶ Quantize q             before: a fake quant is moved up
 * Conv2D ─▶ Quantize Conv2D' ─▶ MaxPool q     after: the first node after Conv2D
 * }</pre>
 *
 * <p>Ids of added nodes end with apostrophes, which no name in TensorFlow has. They only keep the
 * ids apart; no code parses them.
 *
 * @param behind the id of the node after which this node is placed; or any id that is not taken
 * @param number 1 for the first node after that node, 2 for the second; 0 if this node has that id
 *     itself
 */
public record Added(String behind, int number) {

  /** Returns the first place after a node whose id is not taken. */
  public static Added behind(Node node, Predicate<String> taken) {
    return behind(node, 1, taken);
  }

  /**
   * Returns a place after a node whose id is not taken.
   *
   * @param from the least number of places after the node
   */
  public static Added behind(Node node, int from, Predicate<String> taken) {
    String behind = node.added().map(Added::behind).orElse(node.id());
    int number = node.added().map(Added::number).orElse(0) + from;
    while (taken.test(id(behind, number))) {
      number++;
    }
    return new Added(behind, number);
  }

  /** Returns the id of the node. */
  public String id() {
    return id(behind, number);
  }

  private static String id(String behind, int number) {
    return behind + "'".repeat(number);
  }

  /**
   * Returns the name of the node's tensor in a model. The first node after another has the name of
   * the other's tensor, because its tensor is the rounded form of that. Any other node's tensor has
   * the node's id as its name.
   */
  String tensorName() {
    return number == 1 ? behind : id();
  }
}
