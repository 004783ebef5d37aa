package org.slimquant.calibration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.slimquant.format.Format;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;

/**
 * Makes a plan from statistics. It chooses the formats of inputs and outputs first, because the
 * limits that biases set to the exponents of kernels depend on them.
 */
final class CalibrationPlan {

  private final CalibrationStatistics statistics;
  private final CalibrationMethod method;

  /** The formats of inputs and outputs, by the names of their sites. */
  private final Map<String, Format> formats = new HashMap<>();

  /** The sums that a kernel takes part in, by the name of its site. */
  private final Map<String, List<SumStatistics>> sumsOf = new HashMap<>();

  private CalibrationPlan(CalibrationStatistics statistics, CalibrationMethod method) {
    this.statistics = statistics;
    this.method = method;
    for (SumStatistics sum : statistics.sums()) {
      sum.kernels()
          .forEach(kernel -> sumsOf.computeIfAbsent(kernel, name -> new ArrayList<>()).add(sum));
    }
  }

  /**
   * Returns the plan of all sites in their order.
   *
   * @throws IllegalStateException if a format must be chosen and no element was seen
   */
  static QuantizationPlan of(CalibrationStatistics statistics, CalibrationMethod method) {
    return new CalibrationPlan(statistics, method).plan();
  }

  private QuantizationPlan plan() {
    for (SiteStatistics site : statistics.sites()) {
      if (site.kind() != Kind.KERNEL) {
        formats.put(site.name(), site.site(method, needs(site)).format());
      }
    }
    List<Site> sites = new ArrayList<>();
    List<Remark> remarks = new ArrayList<>(statistics.remarks());
    for (SiteStatistics observed : statistics.sites()) {
      List<ChannelNeed> needs = needs(observed);
      Site site = observed.site(method, needs);
      sites.add(site);
      remarks.addAll(ChannelRemarks.of(observed, site, needs, method));
      remarks.addAll(RangeRemarks.of(observed, site, needs, method));
    }
    return new QuantizationPlan(sites, remarks);
  }

  private List<ChannelNeed> needs(SiteStatistics site) {
    List<SumStatistics> sums = sumsOf.getOrDefault(site.name(), List.of());
    return IntStream.range(0, site.channels().size())
        .mapToObj(i -> ChannelNeed.of(sums, i, site.channels().get(i), formats))
        .toList();
  }
}
