package org.slimquant.deploy.report;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.OptionalInt;
import org.slimquant.calibration.CalibrationStatistics;
import org.slimquant.calibration.Distribution;
import org.slimquant.format.Format;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.TensorStatistics;

/**
 * The cost of a site's format for its tensor, and the costs of neighbouring formats.
 *
 * @param site the site
 * @param distribution the distribution of the elements in steps of the site's format, if it was
 *     observed
 * @param measures the measure of each tried format, by the number that is added to the site's
 *     exponents: -1, 0 and 1 with statistics, 0 with the plan only
 */
record SiteCosts(
    Site site, Optional<Distribution> distribution, Map<Integer, TensorStatistics> measures) {

  static SiteCosts of(Site site, Optional<CalibrationStatistics> statistics) {
    Map<Integer, TensorStatistics> measures = new LinkedHashMap<>();
    if (statistics.isPresent() && site.kind() != Kind.BIAS) {
      for (int shift = -1; shift <= 1; shift++) {
        int tried = shift;
        site.format()
            .shifted(shift)
            .flatMap(format -> statistics.get().measure(site.name(), format))
            .ifPresent(measure -> measures.put(tried, measure));
      }
    }
    if (measures.isEmpty()) {
      site.measure().ifPresent(measure -> measures.put(0, measure));
    }
    return new SiteCosts(
        site,
        site.kind() == Kind.BIAS
            ? Optional.empty()
            : statistics.flatMap(all -> all.distribution(site.name(), site.format())),
        measures);
  }

  /** Returns the cost of the site's own format, if it is known. */
  Optional<TensorStatistics> measure() {
    return Optional.ofNullable(measures.get(0));
  }

  /** Returns a tried format, by the number that is added to the site's exponents. */
  Format format(int shift) {
    return site.format().shifted(shift).orElseThrow();
  }

  /**
   * Returns the tried format with the highest ratio. Of several equal ones, the nearest to the
   * site's own is returned.
   */
  OptionalInt best() {
    return measures.entrySet().stream()
        .max(
            Comparator.comparingDouble(
                    (Entry<Integer, TensorStatistics> tried) -> tried.getValue().sqnrDb())
                .thenComparing(tried -> -Math.abs(tried.getKey())))
        .filter(tried -> measures.size() > 1)
        .map(tried -> OptionalInt.of(tried.getKey()))
        .orElse(OptionalInt.empty());
  }

  /**
   * Returns the number of bits below the sign that no element needs. The step could be finer by as
   * many bits, and nothing would be clipped. The number is unknown without statistics.
   */
  OptionalInt unusedTopBits() {
    if (distribution.isEmpty()) {
      return OptionalInt.empty();
    }
    int bits = site.format().bits() - (site.format().signed() ? 1 : 0);
    long largestCode = (1L << bits) - 1;
    double reach =
        site.format().signed()
            ? Math.max(Math.abs(distribution.get().min()), Math.abs(distribution.get().max()))
            : distribution.get().max();
    int unused = 0;
    while (unused < bits && Math.scalb(reach, unused + 1) <= largestCode) {
      unused++;
    }
    return OptionalInt.of(unused);
  }
}
