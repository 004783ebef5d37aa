package org.slimquant.runtime.layer;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The origin of a tensor's grid: all its parts must have one step.
 *
 * @param fracs the exponents of the fake quants that were found, ascending
 * @param sites the sites that were found whose exponents calibration has still to choose, ascending
 * @param constants the numbers that are put beside the elements, which must lie on the grid too
 */
public record GridOrigin(List<Integer> fracs, List<String> sites, List<Float> constants) {

  /**
   * Creates an origin.
   *
   * @throws IllegalArgumentException if an exponent is not one of float32
   */
  public GridOrigin {
    fracs = List.copyOf(fracs);
    for (int frac : fracs) {
      if (frac < Float.MIN_EXPONENT || frac > Float.MAX_EXPONENT) {
        throw new IllegalArgumentException(
            "the exponent of an input must be between %d and %d, but is %d"
                .formatted(Float.MIN_EXPONENT, Float.MAX_EXPONENT, frac));
      }
    }
    sites = List.copyOf(sites);
    constants = List.copyOf(constants);
  }

  /** Returns the origin of the output of a fake quant. */
  public static GridOrigin of(int frac) {
    return new GridOrigin(List.of(frac), List.of(), List.of());
  }

  /** Returns the origin of a tensor that has a site. */
  public static GridOrigin of(String site) {
    return new GridOrigin(List.of(), List.of(site), List.of());
  }

  /** Returns the origin of a tensor that joins several tensors and a constant. */
  public static GridOrigin join(Collection<GridOrigin> joined, Optional<Float> constant) {
    return new GridOrigin(
        union(joined.stream().map(GridOrigin::fracs)),
        union(joined.stream().map(GridOrigin::sites)),
        union(
            Stream.concat(
                joined.stream().map(GridOrigin::constants), constant.stream().map(List::of))));
  }

  private static <T extends Comparable<T>> List<T> union(Stream<List<T>> lists) {
    return lists.flatMap(List::stream).distinct().sorted().collect(Collectors.toList());
  }

  /**
   * Returns the exponent of the grid's step, if all its parts have the same exponent.
   *
   * @param fracOf returns the exponent of a site, if it has one
   */
  public Optional<Integer> frac(Function<String, Optional<Integer>> fracOf) {
    List<Optional<Integer>> all =
        Stream.concat(fracs.stream().map(Optional::of), sites.stream().map(fracOf))
            .distinct()
            .toList();
    return all.size() == 1
        ? all.get(0).filter(frac -> constants.stream().allMatch(value -> isOnGrid(value, frac)))
        : Optional.empty();
  }

  private static boolean isOnGrid(float value, int frac) {
    double code = Math.scalb((double) value, -frac);
    return code == Math.rint(code);
  }
}
