package org.slimquant.calibration;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.slimquant.calibration.ChannelNeed.BiasNeed;
import org.slimquant.format.Calibrated;
import org.slimquant.format.Exponents;
import org.slimquant.format.Format;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;

/** Makes the remarks of a calibrated plan on the exponents of channels. */
final class ChannelRemarks {

  /** The largest number of channels that are listed. */
  private static final int LISTED = 8;

  private final SiteStatistics observed;
  private final Format format;
  private final List<ChannelNeed> needs;
  private final CalibrationMethod method;
  private final List<String> texts = new ArrayList<>();

  private ChannelRemarks(
      SiteStatistics observed, Site site, List<ChannelNeed> needs, CalibrationMethod method) {
    this.observed = observed;
    this.format = site.format();
    this.needs = needs;
    this.method = method;
  }

  /**
   * Returns the remarks.
   *
   * @param observed the statistics of the site
   * @param site the site with the format that it was given
   * @param needs the limits that sums set to each channel
   * @param method the method that chose the format, if one did
   */
  static List<Remark> of(
      SiteStatistics observed, Site site, List<ChannelNeed> needs, CalibrationMethod method) {
    if (observed.count() == 0) {
      return List.of();
    }
    ChannelRemarks remarks = new ChannelRemarks(observed, site, needs, method);
    remarks.find();
    return remarks.texts.stream().map(text -> new Remark(site.name(), text)).toList();
  }

  private void find() {
    if (observed.request() instanceof Calibrated) {
      addDead();
      addUnseen();
      addRaised();
    }
    addClippedBias();
  }

  private void addDead() {
    List<Integer> dead = channels(this::isDead);
    if (!dead.isEmpty()) {
      texts.add(
          areAll(dead)
              ? "has no element that its format can tell from 0; its exponent means nothing"
              : "channels %s are 0 throughout; their exponent is that of the coarsest other"
                  .formatted(list(dead)));
    }
  }

  private boolean isDead(int channel) {
    Histogram histogram = observed.channels().get(channel);
    return histogram.max() <= 0 && (histogram.min() >= 0 || !format.signed());
  }

  private void addUnseen() {
    List<Integer> unseen = channels(i -> needs.get(i).unseen() && !isDead(i));
    if (!unseen.isEmpty()) {
      texts.add(
          subject(unseen, "has", "have")
              + " weights too small to change a code of the layer's output, which become 0");
    }
  }

  /** Adds a remark on the exponents that differ from the method's, because biases would not fit. */
  private void addRaised() {
    List<Integer> raised = channels(i -> isRaised(i));
    if (raised.isEmpty()) {
      return;
    }
    int first = raised.get(0);
    BiasNeed bias = needs.get(first).bias().orElseThrow();
    texts.add(
        ("%s the exponent %d in place of %d, so that %s of %s fits 32 bits: of the %d bits of a"
                + " code %d are left; fewer bits for the layer's input leave more")
            .formatted(
                subject(raised, "has", "have (the first of them)"),
                frac(first),
                ownFrac(first).orElseThrow(),
                bias.site(),
                RangeRemarks.number(bias.magnitude()),
                format.bits(),
                bitsLeft(first)));
  }

  private boolean isRaised(int channel) {
    OptionalInt own = ownFrac(channel);
    return !needs.get(channel).unseen()
        && needs.get(channel).bias().isPresent()
        && own.isPresent()
        && own.getAsInt() < frac(channel);
  }

  /** Returns the exponent that the method chooses for a channel whose bias needs no room. */
  private OptionalInt ownFrac(int channel) {
    return method.frac(observed.channels().get(channel), format.bits(), format.signed());
  }

  /** Returns the bits of a signed code that holds all elements of a channel. */
  private int bitsLeft(int channel) {
    Histogram weights = observed.channels().get(channel);
    double largest = Math.max(Math.abs(weights.min()), Math.abs(weights.max()));
    long code = (long) Math.floor(Math.scalb(largest, -frac(channel)) + 0.5);
    return Math.min(format.bits(), Exponents.bitsOf(code) + 1);
  }

  /** Adds a remark on the biases that have no code, because an annotation gives the exponents. */
  private void addClippedBias() {
    List<Integer> clipped = channels(this::clipsBias);
    if (clipped.isEmpty()) {
      return;
    }
    int first = clipped.get(0);
    BiasNeed bias = needs.get(first).bias().orElseThrow();
    texts.add(
        ("%s too fine a step for %s: %s becomes %s, the largest that 32 bits hold in steps of"
                + " 2^%d; let kernelFrac be %d, or give the layer's input fewer bits")
            .formatted(
                subject(clipped, "has", "have"),
                bias.site(),
                RangeRemarks.number(bias.magnitude()),
                RangeRemarks.number(bias.limit(frac(first))),
                bias.inputFrac() + frac(first),
                clipped.stream().mapToInt(i -> needs.get(i).least()).max().orElseThrow()));
  }

  private boolean clipsBias(int channel) {
    return needs
        .get(channel)
        .bias()
        .filter(bias -> bias.magnitude() > bias.limit(frac(channel)))
        .isPresent();
  }

  private int frac(int channel) {
    return SiteStatistics.channelFormat(format, channel).frac();
  }

  private List<Integer> channels(IntPredicate which) {
    return IntStream.range(0, observed.channels().size()).filter(which).boxed().toList();
  }

  private boolean areAll(List<Integer> some) {
    return some.size() == observed.channels().size();
  }

  /** Returns a verb, with the channels before it if they are not the whole tensor. */
  private String subject(List<Integer> some, String one, String several) {
    return areAll(some)
        ? one
        : "%s %s %s"
            .formatted(
                some.size() == 1 ? "channel" : "channels",
                list(some),
                some.size() == 1 ? one : several);
  }

  private static String list(List<Integer> channels) {
    return channels.size() <= LISTED
        ? channels.toString()
        : "%s and %d more".formatted(channels.subList(0, LISTED), channels.size() - LISTED);
  }
}
