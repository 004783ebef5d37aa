package org.slimquant.deploy.report;

import org.slimquant.calibration.Distribution;
import org.slimquant.calibration.Distribution.Bin;

/**
 * The elements of a distribution in quarters of octaves: bar {@code i} counts the magnitudes from
 * {@code 2^(i/4 - 2)} to {@code 2^((i + 1)/4 - 2)} steps. A bin that overlaps several bars is
 * divided among them evenly.
 */
final class OctaveBars {

  /** The octave at which the bars begin: a quarter of a step. */
  static final int LOWEST = -2;

  /** The number of bars in an octave. */
  static final int PER_OCTAVE = 4;

  private final long elements;
  private final double[] positive;
  private final double[] negative;
  private double small;

  private OctaveBars(long elements, int octaves) {
    this.elements = elements;
    positive = new double[octaves * PER_OCTAVE];
    negative = new double[octaves * PER_OCTAVE];
  }

  /**
   * Returns the bars of a distribution in steps, up to its largest magnitude or further.
   *
   * @param octaves the least number of octaves from 1 step on
   */
  static OctaveBars of(Distribution steps, int octaves) {
    double reach = Math.max(1, Math.max(Math.abs(steps.min()), Math.abs(steps.max())));
    int top = Math.max(octaves, (int) Math.ceil(log2(reach))) + 1;
    OctaveBars bars = new OctaveBars(steps.count(), top - LOWEST);
    for (Bin bin : steps.bins()) {
      if (bin.from() < 0) {
        bars.add(-bin.to(), -bin.from(), bin.count(), bars.negative);
      } else {
        bars.add(bin.from(), bin.to(), bin.count(), bars.positive);
      }
    }
    return bars;
  }

  private void add(double from, double to, long count, double[] bars) {
    if (to <= end(0)) {
      small += count;
      return;
    }
    for (int bar = Math.max(-1, bar(from)); bar <= bar(to); bar++) {
      double start = bar < 0 ? from : Math.max(from, end(bar));
      double part = Math.max(0, Math.min(to, end(bar + 1)) - start) / (to - from) * count;
      if (bar < 0) {
        small += part;
      } else {
        bars[Math.min(bar, bars.length - 1)] += part;
      }
    }
  }

  private static int bar(double x) {
    return (int) Math.floor((log2(x) - LOWEST) * PER_OCTAVE);
  }

  private static double end(int bar) {
    return Math.pow(2, (double) bar / PER_OCTAVE + LOWEST);
  }

  static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }

  /** Returns the number of elements. */
  long elements() {
    return elements;
  }

  /** Returns the number of octaves. */
  int octaves() {
    return positive.length / PER_OCTAVE;
  }

  /** Returns the share of elements in a bar, of the positive (1) or negative (-1) ones. */
  double share(int bar, int side) {
    return (side < 0 ? negative : positive)[bar] / elements;
  }

  /** Returns the share of elements below all bars. */
  double smallShare() {
    return small / elements;
  }

  /** Returns the share of elements below an octave, of either sign. */
  double shareBelow(int octave) {
    double sum = smallShare();
    for (int bar = 0; bar < (octave - LOWEST) * PER_OCTAVE; bar++) {
      sum += share(bar, 1) + share(bar, -1);
    }
    return sum;
  }

  /** Returns the smallest share of a bar that is not empty. */
  double rarest() {
    double rarest = small > 0 ? smallShare() : 1;
    for (int bar = 0; bar < positive.length; bar++) {
      for (int side = -1; side <= 1; side += 2) {
        rarest = share(bar, side) > 0 ? Math.min(rarest, share(bar, side)) : rarest;
      }
    }
    return rarest;
  }
}
