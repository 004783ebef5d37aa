package org.slimquant.deploy.compile.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A graph of the ops that the outputs need. Each op comes after the ops that it reads. Passes make
 * new graphs from it; a graph itself never changes.
 */
public final class OpGraph {

  private final Map<String, Node> nodes;
  private final List<String> inputs;
  private final List<String> outputs;
  private final List<Node> outside;

  private OpGraph(
      Map<String, Node> nodes, List<String> inputs, List<String> outputs, List<Node> outside) {
    this.nodes = Collections.unmodifiableMap(nodes);
    this.inputs = List.copyOf(inputs);
    this.outputs = List.copyOf(outputs);
    this.outside = List.copyOf(outside);
  }

  /**
   * Returns the graph of those nodes that the outputs need.
   *
   * @param inputs the ids of the inputs, in the order of the model
   * @param outputs the ids of the outputs, in the order of the model
   */
  public static OpGraph of(Collection<Node> nodes, List<String> inputs, List<String> outputs) {
    return of(nodes, inputs, outputs, List.of());
  }

  private static OpGraph of(
      Collection<Node> nodes, List<String> inputs, List<String> outputs, List<Node> outside) {
    Map<String, Node> byId = new HashMap<>();
    nodes.forEach(node -> byId.put(node.id(), node));
    Map<String, Node> sorted = new LinkedHashMap<>();
    Set<Node> entered = new HashSet<>();
    Deque<Node> open = new ArrayDeque<>(outputs.stream().map(id -> get(byId, id)).toList());
    while (!open.isEmpty()) {
      Node node = open.peek();
      if (entered.add(node)) {
        List<Node> unread = new ArrayList<>();
        for (String input : node.inputs()) {
          Node read = get(byId, input);
          // A node that is entered but not sorted reads this node: a loop, which no pass knows.
          if (!entered.contains(read)) {
            unread.add(read);
          }
        }
        Collections.reverse(unread);
        unread.forEach(open::push);
      } else {
        open.pop();
        sorted.put(node.id(), node);
      }
    }
    return new OpGraph(sorted, inputs, outputs, outside);
  }

  private static Node get(Map<String, Node> nodes, String tensor) {
    Node node = nodes.get(tensor);
    if (node == null) {
      node = nodes.get(tensor.substring(0, Math.max(0, tensor.lastIndexOf(':'))));
    }
    return Objects.requireNonNull(node, tensor);
  }

  /** Returns this graph with other nodes and the same outputs. */
  public OpGraph with(Collection<Node> others) {
    return of(others, inputs, outputs, outside);
  }

  /**
   * Returns this graph with other nodes and other outputs.
   *
   * @param output returns the id of an output in place of an id
   */
  public OpGraph with(Collection<Node> others, UnaryOperator<String> output) {
    return of(others, inputs, outputs.stream().map(output).toList(), outside);
  }

  /**
   * Returns this graph with earlier outputs.
   *
   * @param ends the ids of the outputs
   * @param after the ops after the outputs that stay with the caller, the first of them first
   */
  public OpGraph endingAt(List<String> ends, List<Node> after) {
    return of(nodes.values(), inputs, ends, after);
  }

  /** Returns all nodes, each after the nodes that it reads. */
  public List<Node> nodes() {
    return List.copyOf(nodes.values());
  }

  /** Returns the node that computes a tensor. */
  public Node node(String tensor) {
    return get(nodes, tensor);
  }

  /**
   * Returns a node and the nodes from which it is computed.
   *
   * @param up whether to go on to the inputs of a node
   */
  public Set<Node> above(Node first, Predicate<Node> up) {
    Set<Node> above = new LinkedHashSet<>();
    Deque<Node> open = new ArrayDeque<>(List.of(first));
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (above.add(node) && up.test(node)) {
        node.inputs().forEach(input -> open.push(node(input)));
      }
    }
    return above;
  }

  /** Returns the ids of the inputs. A graph need not have a node for each. */
  public List<String> inputs() {
    return inputs;
  }

  /** Returns the ids of the outputs. */
  public List<String> outputs() {
    return outputs;
  }

  public List<Node> outside() {
    return outside;
  }

  /** Returns a line for each op, and one for the outputs. Tests compare graphs in this form. */
  @Override
  public String toString() {
    return nodes.values().stream().map(Node::toString).collect(Collectors.joining("\n"))
        + "\n-> "
        + String.join(", ", outputs);
  }
}
