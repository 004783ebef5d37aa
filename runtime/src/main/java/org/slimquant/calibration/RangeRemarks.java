package org.slimquant.calibration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.TensorStatistics;

/**
 * Makes the remarks of a calibrated plan on tensors whose formats do not suit their statistics:
 * half of the codes are never used, elements are clipped, or most elements become 0 beside a few
 * large ones. Per-channel kernels have no such remarks, as each of their channels has a format that
 * suits it.
 */
final class RangeRemarks {

  /** The smallest share of clipped elements that is remarked if an annotation gives the format. */
  private static final double CLIPPED_SHARE = 0.01;

  private static final int MOST_BITS = 16;

  private final SiteStatistics observed;
  private final Histogram histogram;
  private final FixedPoint format;
  private final TensorStatistics measure;
  private final CalibrationMethod method;
  private final List<String> texts = new ArrayList<>();

  private RangeRemarks(
      SiteStatistics observed,
      FixedPoint format,
      TensorStatistics measure,
      CalibrationMethod method) {
    this.observed = observed;
    this.histogram = observed.channels().get(0);
    this.format = format;
    this.measure = measure;
    this.method = method;
  }

  /**
   * Returns the remarks.
   *
   * @param observed the statistics of the site
   * @param site the site with the format that it was given
   * @param needs the limits that sums set to the tensor's one exponent
   * @param method the method that chose the format, if one did
   */
  static List<Remark> of(
      SiteStatistics observed, Site site, List<ChannelNeed> needs, CalibrationMethod method) {
    Optional<TensorStatistics> measure = site.measure();
    if (!(site.format() instanceof FixedPoint format) || measure.isEmpty()) {
      return List.of();
    }
    RangeRemarks remarks = new RangeRemarks(observed, format, measure.get(), method);
    if (site.kind() == Kind.OUTPUT || site.kind() == Kind.INPUT) {
      remarks.addUnusedSign();
      remarks.addLostSign();
    }
    remarks.addClipped();
    // A kernel whose exponent follows from a bias has a remark that says so.
    if (needs.stream().allMatch(need -> need.least() < format.frac() && !need.unseen())) {
      remarks.addTooCoarse();
    }
    return remarks.texts.stream().map(text -> new Remark(site.name(), text)).toList();
  }

  private void addUnusedSign() {
    boolean lossless = Double.isInfinite(measure.sqnrDb()) && measure.sqnrDb() > 0;
    if (isFixed() && format.signed() && histogram.min() >= 0 && !lossless) {
      texts.add(
          "is never negative, so that half of the codes of %s are not used: let %s have sign = Sign.UNSIGNED and %s = %d, or leave both to calibration"
              .formatted(
                  type(),
                  observed.kind() == Kind.INPUT ? "the parameter's annotation" : "the layer",
                  fracName(),
                  format.frac() - 1));
    }
  }

  private void addLostSign() {
    if (!format.signed() && histogram.max() > 0 && histogram.min() < -format.step() / 2) {
      texts.add(
          "has negative elements down to %s, which become 0 in %s: take sign = Sign.UNSIGNED away"
              .formatted(number(histogram.min()), type()));
    }
  }

  private void addClipped() {
    // Pixels of 1 in steps of 2^-7 are clipped intentionally.
    double room = format.step();
    boolean beyond =
        histogram.max() > format.max() + room
            || (format.signed() && histogram.min() < format.min() - room);
    if (isFixed() && beyond && measure.clippedShare() > CLIPPED_SHARE) {
      int frac =
          CalibrationMethod.MAX.frac(histogram, format.bits(), format.signed()).orElseThrow();
      texts.add(
          "%s of its elements are clipped, as they reach from %s to %s and %s holds %s to %s: let %s be %d"
              .formatted(
                  percent(measure.clippedShare()),
                  number(histogram.min()),
                  number(histogram.max()),
                  format,
                  number(format.min()),
                  number(format.max()),
                  fracName(),
                  frac));
    }
  }

  private void addTooCoarse() {
    LostElements lost = LostElements.of(histogram, format, observed.smallest());
    if (!lost.isTooCoarse()) {
      return;
    }
    SmallElements small = SmallElements.of(histogram, format);
    double largest = Math.max(Math.abs(histogram.min()), Math.abs(histogram.max()));
    texts.add(
        "%s of its elements that are not 0 become 0, because others are as large as %s and the step is %s, while %s of all lie within %s .. %s: %s"
            .formatted(
                percent(lost.share()),
                number(largest),
                number(format.step()),
                percent(small.share()),
                number(small.min()),
                number(small.max()),
                remedies(small)));
  }

  private String remedies(SmallElements small) {
    List<String> remedies = new ArrayList<>();
    if (observed.kind() == Kind.KERNEL) {
      remedies.add("let perChannel = true");
    } else {
      remedies.add("if the large ones are a mask, let it be a few times that range");
      remedies.add("if a concat joins them, scale its inputs to one range or return them apart");
    }
    small
        .frac(format)
        .ifPresent(
            frac ->
                remedies.add("if they may be clipped, let %s be %d".formatted(fracName(), frac)));
    if (format.bits() < MOST_BITS && !isTooCoarse(MOST_BITS)) {
      remedies.add("or let %s be %d".formatted(bitsName(), MOST_BITS));
    }
    return String.join("; ", remedies);
  }

  /** Returns whether elements would be lost even with this number of bits. */
  private boolean isTooCoarse(int bits) {
    int frac = method.frac(histogram, bits, format.signed()).orElseThrow();
    return LostElements.of(
            histogram, new FixedPoint(bits, frac, format.signed()), observed.smallest())
        .isTooCoarse();
  }

  private boolean isFixed() {
    return !(observed.request() instanceof Calibrated);
  }

  private String fracName() {
    return switch (observed.kind()) {
      case KERNEL -> "kernelFrac";
      case INPUT -> "frac";
      case SUM -> "sumFrac";
      default -> "outputFrac";
    };
  }

  private String bitsName() {
    return switch (observed.kind()) {
      case KERNEL -> "kernelBits";
      case INPUT -> "bits";
      default -> "outputBits";
    };
  }

  private String type() {
    return "%sint%d".formatted(format.signed() ? "" : "u", format.bits());
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, share < 0.9995 ? "%.1f %%" : "%.3f %%", 100 * share);
  }

  /** Returns a number in plain notation. */
  static String number(double x) {
    return x == Math.rint(x) && Math.abs(x) < 1e6
        ? Long.toString((long) x)
        : String.format(Locale.ROOT, "%.3g", x);
  }
}
