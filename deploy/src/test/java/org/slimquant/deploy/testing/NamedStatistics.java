package org.slimquant.deploy.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slimquant.calibration.CalibrationStatistics;
import org.slimquant.calibration.Histogram;
import org.slimquant.calibration.SiteStatistics;
import org.slimquant.format.Calibrated;
import org.slimquant.plan.QuantizationPlan.Kind;

/** Statistics of elements that a test names, without a graph. */
public final class NamedStatistics {

  private final List<SiteStatistics> sites = new ArrayList<>();

  /** Adds a site with its elements, channel by channel. */
  public NamedStatistics site(String name, float[]... channels) {
    sites.add(
        new SiteStatistics(
            name,
            Kind.OUTPUT,
            name + ":0",
            Calibrated.signed(8),
            Stream.of(channels).map(Histogram::of).toList()));
    return this;
  }

  /** Returns the statistics. */
  public CalibrationStatistics statistics() {
    return CalibrationStatistics.of(sites, 1);
  }
}
