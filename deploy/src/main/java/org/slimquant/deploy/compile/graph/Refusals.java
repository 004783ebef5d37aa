package org.slimquant.deploy.compile.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Collects what is in the way of a conversion: of each op the first reason that is found. */
public final class Refusals {

  private final Map<String, Refused> refused = new LinkedHashMap<>();

  /** Adds a refusal of an op, with a reason and a remedy. */
  public void add(Node node, String reason, String remedy) {
    refused.putIfAbsent(node.op(), new Refused(node, reason, remedy));
  }

  /** Adds a refusal of what breaks a rule of the integer model. */
  public void add(Node node, IllegalArgumentException broken) {
    add(node, Objects.requireNonNullElse(broken.getMessage(), ""), "change shape or format");
  }

  /** Adds a refusal, unless its op is of a type that is refused as such. */
  public void add(RefusedException exception) {
    Refused one = exception.refused();
    if (one.node().isInteger()) {
      add(one.node(), one.reason(), one.remedy());
    }
  }

  /** Whether nothing is in the way. */
  public boolean isEmpty() {
    return refused.isEmpty();
  }

  /**
   * Returns all that is in the way.
   *
   * @param order the graph as it was read, whose order the list has
   */
  public List<Refused> inOrderOf(OpGraph order) {
    List<String> ops = order.nodes().stream().map(Node::op).toList();
    List<Refused> sorted = new ArrayList<>(refused.values());
    sorted.sort(Comparator.comparingInt(one -> ops.indexOf(one.node().op())));
    return sorted;
  }
}
