package org.slimquant.deploy.compile.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Collects the ops that cannot be converted, each with the first reason that is found. */
public final class Refusals {

  private final Map<String, Refused> refused = new LinkedHashMap<>();

  /** Adds a refusal of an op, with a reason and a remedy. */
  public void add(Node node, String reason, String remedy) {
    refused.putIfAbsent(node.op(), new Refused(node, reason, remedy));
  }

  /** Adds a refusal of an op that breaks a rule of the integer model. */
  public void add(Node node, IllegalArgumentException broken) {
    add(node, Objects.requireNonNullElse(broken.getMessage(), ""), "change shape or format");
  }

  /** Adds a refusal, unless every op of its type is refused anyway. */
  public void add(RefusedException exception) {
    Refused one = exception.refused();
    if (one.node().isInteger()) {
      add(one.node(), one.reason(), one.remedy());
    }
  }

  /** Returns whether there is no refusal. */
  public boolean isEmpty() {
    return refused.isEmpty();
  }

  /**
   * Returns all refusals.
   *
   * @param order the graph as it was read; the list has its order
   */
  public List<Refused> inOrderOf(OpGraph order) {
    List<String> ops = order.nodes().stream().map(Node::op).toList();
    List<Refused> sorted = new ArrayList<>(refused.values());
    sorted.sort(Comparator.comparingInt(one -> ops.indexOf(one.node().op())));
    return sorted;
  }
}
