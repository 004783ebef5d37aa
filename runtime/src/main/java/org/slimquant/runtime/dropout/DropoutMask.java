package org.slimquant.runtime.dropout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/**
 * A tensor of random ones and zeros.
 *
 * <pre>{@code
 * u >= rate, u > rate     AT_LEAST      u < keep, u <= keep     BELOW
 * floor(u + keep)         AT_LEAST 1, with the offset keep
 * }</pre>
 *
 * <p>{@code u = scale·r + offset} for r uniformly distributed from 0 to 1, as TensorFlow's own
 * {@code random_uniform} writes it, with a scale of 1 and an offset of 0.
 *
 * @param scales scalars whose product is the scale
 * @param offsets scalars whose sum is the offset
 * @param bound the number that u is compared with; 1 if there is none
 * @param below whether elements are kept below the bound, and not from there on
 */
record DropoutMask(
    List<Output<?>> scales, List<Output<?>> offsets, Optional<Output<?>> bound, boolean below) {

  private static final Set<String> UNIFORM =
      Set.of(
          "RandomUniform", "StatefulUniform", "StatelessRandomUniform", "StatelessRandomUniformV2");

  private static final Set<String> SUMS = Set.of("Add", "AddV2");

  /** The largest number of ops between a random number and its comparison. */
  private static final int DEPTH = 4;

  /** Returns the mask that a condition makes, if it makes one. */
  static Optional<DropoutMask> ofCondition(Output<?> condition) {
    GraphOperation operation = DropoutFactors.behindIdentities(condition);
    return switch (operation.type()) {
      case "LogicalNot" -> ofCondition(operation.input(0)).map(DropoutMask::inverse);
      case "Greater", "GreaterEqual" -> compared(operation, false);
      case "Less", "LessEqual" -> compared(operation, true);
      default -> Optional.empty();
    };
  }

  private static Optional<DropoutMask> compared(GraphOperation operation, boolean below) {
    Output<?> left = operation.input(0);
    Output<?> right = operation.input(1);
    if (DropoutFactors.isScalar(right)) {
      return uniform(left, DEPTH).map(u -> u.comparedWith(right, below));
    }
    return DropoutFactors.isScalar(left)
        ? uniform(right, DEPTH).map(u -> u.comparedWith(left, !below))
        : Optional.empty();
  }

  /** Returns the mask that results from rounding down a sum, if one results. */
  static Optional<DropoutMask> ofFloor(GraphOperation floor) {
    return uniform(floor.input(0), DEPTH).filter(u -> !u.offsets.isEmpty());
  }

  private static Optional<DropoutMask> uniform(Output<?> tensor, int depth) {
    GraphOperation operation = DropoutFactors.behindIdentities(tensor);
    if (UNIFORM.contains(operation.type())) {
      return Optional.of(new DropoutMask(List.of(), List.of(), Optional.empty(), false));
    }
    boolean sum = SUMS.contains(operation.type());
    if (depth == 0 || !(sum || operation.type().equals("Mul"))) {
      return Optional.empty();
    }
    for (int i = 0; i < 2; i++) {
      Output<?> scalar = operation.input(1 - i);
      if (DropoutFactors.isScalar(scalar)) {
        Optional<DropoutMask> u = uniform(operation.input(i), depth - 1);
        if (u.isPresent()) {
          return u.map(found -> sum ? found.plus(scalar) : found.times(scalar));
        }
      }
    }
    return Optional.empty();
  }

  private DropoutMask plus(Output<?> scalar) {
    List<Output<?>> more = new ArrayList<>(offsets);
    more.add(scalar);
    return new DropoutMask(scales, more, bound, below);
  }

  /** Returns the mask of a multiple, which is known before anything is added. */
  private DropoutMask times(Output<?> scalar) {
    List<Output<?>> more = new ArrayList<>(scales);
    more.add(scalar);
    return new DropoutMask(more, offsets, bound, below);
  }

  private DropoutMask comparedWith(Output<?> scalar, boolean keptBelow) {
    return new DropoutMask(scales, offsets, Optional.of(scalar), keptBelow);
  }

  private DropoutMask inverse() {
    return new DropoutMask(scales, offsets, bound, !below);
  }

  Stream<Output<?>> scalars() {
    return Stream.of(scales.stream(), offsets.stream(), bound.stream()).flatMap(all -> all);
  }

  /** Returns the share of ones. */
  double keep(Map<Output<?>, Double> values) {
    double scale = 1;
    for (Output<?> factor : scales) {
      scale *= Objects.requireNonNull(values.get(factor));
    }
    double least = bound.map(scalar -> Objects.requireNonNull(values.get(scalar))).orElse(1.0);
    for (Output<?> offset : offsets) {
      least -= Objects.requireNonNull(values.get(offset));
    }
    double share = Math.min(1, Math.max(0, least / scale));
    return below ? share : 1 - share;
  }
}
