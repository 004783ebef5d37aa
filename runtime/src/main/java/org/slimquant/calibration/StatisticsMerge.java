package org.slimquant.calibration;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slimquant.plan.Origin;
import org.slimquant.plan.OriginMatcher;

/** Adds the statistics of two processes, and checks that they are of the same sites. */
final class StatisticsMerge {

  private StatisticsMerge() {}

  /** Returns the statistics of both, as {@link CalibrationStatistics#merge} describes. */
  static CalibrationStatistics of(CalibrationStatistics a, CalibrationStatistics b) {
    requireSameNames(a, b);
    requireSameOrigins(a, b);
    return new CalibrationStatistics(
        IntStream.range(0, a.sites().size())
            .mapToObj(i -> merge(a.sites().get(i), b.sites().get(i)))
            .toList(),
        mergeSums(a.sums(), b.sums()),
        Stream.of(a.remarks(), b.remarks()).flatMap(List::stream).distinct().toList(),
        sum(a.batches(), b.batches()));
  }

  private static void requireSameNames(CalibrationStatistics a, CalibrationStatistics b) {
    List<String> namesOfA = a.sites().stream().map(SiteStatistics::name).toList();
    List<String> namesOfB = b.sites().stream().map(SiteStatistics::name).toList();
    if (!namesOfA.equals(namesOfB)) {
      throw new IllegalArgumentException(
          "statistics must be of the same sites to be merged, but one has %s and the other %s"
              .formatted(namesOfA, namesOfB));
    }
  }

  private static void requireSameOrigins(CalibrationStatistics a, CalibrationStatistics b) {
    OriginMatcher matcher = new OriginMatcher();
    a.sites().forEach(site -> site.origin().ifPresent(origin -> matcher.add(site.name(), origin)));
    for (int i = 0; i < a.sites().size(); i++) {
      SiteStatistics site = a.sites().get(i);
      Optional<Origin> other = b.sites().get(i).origin();
      if (site.origin().isPresent()
          && other.isPresent()
          && !matcher.isSame(site.kind(), site.origin().get(), other.get())) {
        throw new IllegalArgumentException(
            "statistics must be of the same sites to be merged, but %s is %s in one and %s in the other"
                .formatted(site.name(), site.origin().get(), other.get()));
      }
    }
  }

  private static SiteStatistics merge(SiteStatistics a, SiteStatistics b) {
    if (!a.fits(b)) {
      throw new IllegalArgumentException(
          ("statistics must be of the same sites to be merged, but %s is %s of %s in one and %s of"
                  + " %s in the other")
              .formatted(a.name(), a.kind(), a.request(), b.kind(), b.request()));
    }
    return a.plus(b);
  }

  private static List<SumStatistics> mergeSums(List<SumStatistics> a, List<SumStatistics> b) {
    if (a.size() != b.size()) {
      throw new IllegalArgumentException(
          "statistics must be of the same layers to be merged, but one has %d with a kernel, the other %d"
              .formatted(a.size(), b.size()));
    }
    return IntStream.range(0, a.size()).mapToObj(i -> a.get(i).plus(b.get(i))).toList();
  }

  /**
   * Returns the number of batches of both.
   *
   * @throws IllegalArgumentException if a {@code long} does not hold it
   */
  static long sum(long batches, long others) {
    if (others > Long.MAX_VALUE - batches) {
      throw new IllegalArgumentException(
          "statistics must have at most %d batches to be merged, but have %d and %d"
              .formatted(Long.MAX_VALUE, batches, others));
    }
    return batches + others;
  }
}
