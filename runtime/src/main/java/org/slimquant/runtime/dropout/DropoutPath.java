package org.slimquant.runtime.dropout;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.tensorflow.Output;

/**
 * The factors of an element on one path through a dropout.
 *
 * @param masks the random masks
 * @param factors scalars
 * @param divisors scalars that the element is divided by
 */
record DropoutPath(List<DropoutMask> masks, List<Output<?>> factors, List<Output<?>> divisors) {

  static final DropoutPath NONE = new DropoutPath(List.of(), List.of(), List.of());

  static DropoutPath mask(DropoutMask mask) {
    return new DropoutPath(List.of(mask), List.of(), List.of());
  }

  static DropoutPath factor(Output<?> scalar) {
    return new DropoutPath(List.of(), List.of(scalar), List.of());
  }

  /** Returns both paths in a row. */
  DropoutPath times(DropoutPath other) {
    return new DropoutPath(
        joined(masks, other.masks),
        joined(factors, other.factors),
        joined(divisors, other.divisors));
  }

  /** Returns this divided by another that has no masks. */
  DropoutPath over(DropoutPath other) {
    return times(
        new DropoutPath(List.of(), /* factors= */ other.divisors, /* divisors= */ other.factors));
  }

  private static <E> List<E> joined(List<E> first, List<E> second) {
    return Stream.of(first, second).flatMap(List::stream).toList();
  }

  /** Returns the scalars whose values the average depends on. */
  Stream<Output<?>> scalars() {
    return Stream.of(
            masks.stream().flatMap(DropoutMask::scalars), factors.stream(), divisors.stream())
        .flatMap(scalars -> scalars);
  }

  /** Returns the average factor of an element. */
  double mean(Map<Output<?>, Double> values) {
    double mean = 1;
    for (DropoutMask mask : masks) {
      mean *= mask.keep(values);
    }
    for (Output<?> factor : factors) {
      mean *= Objects.requireNonNull(values.get(factor));
    }
    for (Output<?> divisor : divisors) {
      mean /= Objects.requireNonNull(values.get(divisor));
    }
    return mean;
  }
}
