package org.slimquant.deploy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Collects what is in the way of a conversion: of each op the first that is found. */
final class Refusals {

  /** Thrown where the rest of an op makes no sense any more; caught where the next begins. */
  static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Node node;
    private final String reason;
    private final String remedy;

    RefusedException(Node node, String reason, String remedy) {
      super(reason);
      this.node = node;
      this.reason = reason;
      this.remedy = remedy;
    }
  }

  private final Map<String, Refusal> refusals = new LinkedHashMap<>();

  void add(Node node, String reason, String remedy) {
    refusals.putIfAbsent(
        node.op(), new Refusal(node.op(), node.typeInTensorFlow(), reason, remedy));
  }

  /** Adds a refusal of what breaks a rule of the integer model. */
  void add(Node node, IllegalArgumentException broken) {
    add(node, Objects.requireNonNullElse(broken.getMessage(), ""), "change shape or format");
  }

  /** Adds a refusal, unless its op is of a type that is refused as such. */
  void add(RefusedException refused) {
    if (OpCatalog.knows(refused.node.type())) {
      add(refused.node, refused.reason, refused.remedy);
    }
  }

  /**
   * Checks that nothing is in the way.
   *
   * @param order the graph as it was read, whose order the message has
   * @throws UnconvertibleGraphException if something is
   */
  void check(Dataflow order) {
    if (!refusals.isEmpty()) {
      List<String> ops = order.nodes().stream().map(Node::op).toList();
      List<Refusal> sorted = new ArrayList<>(refusals.values());
      sorted.sort(Comparator.comparingInt(refusal -> ops.indexOf(refusal.op())));
      throw new UnconvertibleGraphException(sorted);
    }
  }
}
