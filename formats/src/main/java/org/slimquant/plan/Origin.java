package org.slimquant.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slimquant.plan.QuantizationPlan.Kind;

/**
 * The place of a quantized tensor in its network, as far as it is known when its layer is built.
 *
 * <p>A plan keeps the origin of each tensor that it was calibrated on, so that a network that has
 * changed since is not given the formats of other tensors. The only names in it are those that the
 * model gives to its weights: all others depend on the other ops of a graph.
 *
 * @param weights the variable or constant that is the kernel; for a tensor of a layer without a
 *     kernel, and for an input, the kernel in front of it
 * @param ops of a kernel the type of the op that reads it; of an output the types of its layer's
 *     activations, poolings and concats, in alphabetical order; all without version
 * @param shape the dimensions, -1 where one is not known; none if their number is not known
 */
public record Origin(Optional<Weights> weights, List<String> ops, List<Long> shape) {

  /** The origin of a tensor of which nothing is known. */
  public static final Origin UNKNOWN = new Origin(Optional.empty(), List.of(), List.of());

  /**
   * A variable or constant that holds weights.
   *
   * @param name the name that the model gives to it
   * @param constant whether it is a constant
   */
  public record Weights(String name, boolean constant) {

    /** Returns the weights as messages show them: {@code variable conv1_kernel}. */
    @Override
    public String toString() {
      return "%s %s".formatted(constant ? "constant" : "variable", name);
    }
  }

  /**
   * Creates an origin.
   *
   * @throws IllegalArgumentException if a dimension is less than -1
   */
  public Origin {
    ops = List.copyOf(ops);
    shape = List.copyOf(shape);
    for (long dimension : shape) {
      if (dimension < -1) {
        throw new IllegalArgumentException(
            "a dimension must be at least -1, which is one that is not known, but is %d"
                .formatted(dimension));
      }
    }
  }

  /** Returns whether something is known. */
  public boolean isKnown() {
    return weights.isPresent() || !ops.isEmpty() || !shape.isEmpty();
  }

  /** Returns whether a tensor of these ops and this shape can be that of another origin. */
  boolean isLike(Origin other, Kind kind) {
    return ops.equals(other.ops)
        && (shape.isEmpty()
            || other.shape.isEmpty()
            || isLike(shape, other.shape, kind == Kind.KERNEL));
  }

  /**
   * Returns whether two shapes can be those of one tensor. A feature map has another size if batch
   * or images have, but the same channels.
   */
  private static boolean isLike(List<Long> shape, List<Long> other, boolean kernel) {
    int rank = shape.size();
    if (other.size() != rank) {
      return false;
    }
    List<Integer> different = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      long a = shape.get(i);
      long b = other.get(i);
      if (a >= 0 && b >= 0 && a != b) {
        different.add(i);
      }
    }
    if (kernel) {
      return different.isEmpty();
    }
    // Channels come last, or before the rows and columns of an image, which then both differ.
    boolean channelsFirst = rank >= 4 && !different.contains(1) && different.contains(rank - 2);
    return rank < 2 || !different.contains(rank - 1) || channelsFirst;
  }

  /**
   * Returns the origin as messages show it: {@code Conv2D of variable conv1_kernel [3, 3, 1, 8]}.
   */
  @Override
  public String toString() {
    String ofWeights = weights.map(known -> "of " + known).orElse("");
    String text = (String.join(", ", ops) + " " + ofWeights).strip();
    if (shape.isEmpty()) {
      return text;
    }
    String dimensions =
        shape.stream()
            .map(dimension -> dimension < 0 ? "?" : Long.toString(dimension))
            .collect(Collectors.joining(", ", "[", "]"));
    return text.isEmpty() ? dimensions : text + " " + dimensions;
  }
}
