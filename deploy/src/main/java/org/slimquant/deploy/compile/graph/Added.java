package org.slimquant.deploy.compile.graph;

import java.util.function.Predicate;

/**
 * The place of a node that a pass has added, and whose tensor TensorFlow does not have.
 *
 * <pre>{@code
 * Conv2D ─▶ MaxPool ─▶ Quantize q             before: a fake quant is moved up
 * Conv2D ─▶ Quantize Conv2D' ─▶ MaxPool q     after: the first node behind Conv2D
 * }</pre>
 *
 * <p>Apostrophes, which no name in TensorFlow has, tell the ids of added nodes apart. Nothing reads
 * them there.
 *
 * @param behind the id of the node behind which it stands; or any id that has not been taken
 * @param number 1 for the first node behind that, 2 for the second; 0 if it has that id
 */
public record Added(String behind, int number) {

  /** Returns the place behind a node whose id is not taken. */
  public static Added behind(Node node, Predicate<String> taken) {
    return behind(node, 1, taken);
  }

  /**
   * Returns a place behind a node whose id is not taken.
   *
   * @param from how many places further it is at least
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
   * Returns the name of the node's tensor in a model: of the first node behind another the name of
   * that one's tensor, of which it is the rounded form; else the id.
   */
  String tensorName() {
    return number == 1 ? behind : id();
  }
}
