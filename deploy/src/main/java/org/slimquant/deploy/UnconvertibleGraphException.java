package org.slimquant.deploy;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown for a graph that holds ops which cannot be converted to integers. */
public final class UnconvertibleGraphException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  private final transient List<Refusal> refusals;

  UnconvertibleGraphException(List<Refusal> refusals) {
    super(
        refusals.stream()
            .map(refusal -> "\n  " + refusal)
            .collect(
                Collectors.joining(
                    "",
                    "a graph must have ops that integers can compute, but %d of this one's cannot be converted:"
                        .formatted(refusals.size()),
                    "")));
    this.refusals = List.copyOf(refusals);
  }

  /** Returns all refused ops in the order of the graph. A copy that was serialized has none. */
  public List<Refusal> refusals() {
    return refusals == null ? List.of() : refusals;
  }
}
