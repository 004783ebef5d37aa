package org.slimquant.calibration;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Float32;
import org.slimquant.format.Format;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.PerChannel;
import org.slimquant.format.SignRequest;
import org.slimquant.plan.Origin;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;
import org.slimquant.plan.TensorStatistics;

/**
 * The statistics of a tensor.
 *
 * @param name the name of its site
 * @param kind the tensor's role in its layer
 * @param tensor the name of the tensor
 * @param request the request of the annotation
 * @param origin the tensor's origin in the network, if it is known
 * @param channels one histogram, or one for each output channel of a kernel
 */
public record SiteStatistics(
    String name,
    Kind kind,
    String tensor,
    FormatRequest request,
    Optional<Origin> origin,
    List<Histogram> channels) {

  private static final double SMALLEST_ACTIVATION = 0x1p-60;

  /**
   * Creates statistics.
   *
   * @throws IllegalArgumentException if they count more than 2^61 elements
   */
  public SiteStatistics {
    channels = List.copyOf(channels);
    long count = 0;
    for (Histogram channel : channels) {
      // Neither is above 2^61, so that the sum does not overflow.
      count += channel.count();
      Histogram.requireCountable(count, name);
    }
  }

  /** Creates statistics of a tensor without a known origin. */
  public SiteStatistics(
      String name, Kind kind, String tensor, FormatRequest request, List<Histogram> channels) {
    this(name, kind, tensor, request, Optional.empty(), channels);
  }

  /**
   * Returns the statistics of both. A kernel is the same in both and observed once.
   *
   * @throws IllegalArgumentException if a kernel differs
   */
  SiteStatistics plus(SiteStatistics other) {
    if (kind != Kind.KERNEL) {
      return with(
          IntStream.range(0, channels.size())
              .mapToObj(i -> channels.get(i).plus(other.channels.get(i)))
              .toList());
    }
    if (count() > 0 && other.count() > 0 && !channels.equals(other.channels)) {
      throw new IllegalArgumentException(
          ("%s must be the same kernel in statistics that are merged, but its values differ;"
                  + " calibrate all from one checkpoint")
              .formatted(name));
    }
    return count() > 0 ? this : other;
  }

  SiteStatistics with(List<Histogram> histograms) {
    return new SiteStatistics(name, kind, tensor, request, origin, histograms);
  }

  /** Returns whether both are of one site, so that they can be added. */
  boolean fits(SiteStatistics other) {
    return name.equals(other.name)
        && kind == other.kind
        && request.equals(other.request)
        && (channels.size() == other.channels.size() || count() == 0 || other.count() == 0);
  }

  /** Returns the number of elements that were counted. */
  long count() {
    return channels.stream().mapToLong(Histogram::count).sum();
  }

  /**
   * Returns the site with the format that was asked for or that {@code method} chooses.
   *
   * @param needs the limits that sums set to each channel
   * @throws IllegalStateException if a format must be chosen and no element was seen
   */
  Site site(CalibrationMethod method, List<ChannelNeed> needs) {
    if (!(request instanceof Calibrated calibrated)) {
      Format format = request instanceof PerChannel fixed ? fixed : (FixedPoint) request;
      return new Site(name, kind, tensor, format, new Source.Annotation(), measure(format), origin);
    }
    if (count() == 0) {
      throw new IllegalStateException(
          ("%s must have had elements to be calibrated, but %s had none in any batch; feed batches"
                  + " that are not empty")
              .formatted(name, tensor));
    }
    Format format = choose(calibrated, method, needs);
    return new Site(
        name,
        kind,
        tensor,
        format,
        new Source.Calibration(method.toString(), count()),
        measure(format),
        origin);
  }

  private Format choose(Calibrated calibrated, CalibrationMethod method, List<ChannelNeed> needs) {
    int bits = calibrated.bits();
    boolean signed = isSigned(calibrated.sign());
    List<OptionalInt> chosen =
        IntStream.range(0, channels.size())
            .mapToObj(
                i ->
                    needs.get(i).unseen()
                        ? OptionalInt.empty()
                        : method.frac(channels.get(i), bits, signed, needs.get(i).least()))
            .toList();
    int harmless =
        chosen.stream()
            .flatMapToInt(OptionalInt::stream)
            .max()
            .orElse(CalibrationMethod.harmlessFrac(bits, signed));
    List<Integer> fracs =
        IntStream.range(0, channels.size())
            .map(i -> chosen.get(i).orElse(needs.get(i).harmless(harmless, bits)))
            .boxed()
            .toList();
    return calibrated.perChannel()
        ? new PerChannel(bits, fracs)
        : new FixedPoint(bits, fracs.get(0), signed);
  }

  /**
   * Returns the sign that is given or that the elements have. A tensor of zeros is signed: it may
   * get elements of both signs in training.
   */
  private boolean isSigned(SignRequest sign) {
    return switch (sign) {
      case SIGNED -> true;
      case UNSIGNED -> false;
      case CALIBRATED ->
          channels.stream().anyMatch(channel -> channel.min() < 0)
              || channels.stream().allMatch(channel -> channel.max() <= 0);
    };
  }

  /**
   * Returns the measurements of the elements in {@code format}, if there are elements.
   *
   * @throws IllegalArgumentException if the format has other channels than the statistics
   */
  Optional<TensorStatistics> measure(Format format) {
    if (count() == 0) {
      return Optional.empty();
    }
    requireChannels(format);
    QuantizationError loss = QuantizationError.NONE;
    LostElements lost = new LostElements(0, 0, 0, format.bits());
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < channels.size(); i++) {
      Histogram channel = channels.get(i);
      loss = loss.plus(QuantizationError.of(channel, channelFormat(format, i)));
      lost = lost.plus(LostElements.of(channel, channelFormat(format, i), smallest()));
      min = Math.min(min, channel.min());
      max = Math.max(max, channel.max());
    }
    return Optional.of(
        TensorStatistics.rounded(min, max, loss.clippedShare(), loss.sqnrDb(), lost.share()));
  }

  /**
   * Returns the magnitude below which an element counts as 0. A sum in float32 loses weights below
   * {@code 2^-24} of the largest. Activations may be that small beside a mask and still matter.
   * Those below {@code 2^-60}, which dead channels compute, do not.
   */
  double smallest() {
    double largest =
        channels.stream()
            .mapToDouble(channel -> Math.max(Math.abs(channel.min()), Math.abs(channel.max())))
            .filter(Double::isFinite)
            .max()
            .orElse(0);
    double ofFloat = Math.scalb(largest, -Float32.SIGNIFICAND_BITS);
    return kind == Kind.KERNEL ? ofFloat : Math.min(ofFloat, SMALLEST_ACTIVATION);
  }

  /** Returns the distribution of the elements. */
  Distribution distribution() {
    return Distribution.of(channels, Collections.nCopies(channels.size(), 0));
  }

  /**
   * Returns the distribution of the elements in steps of {@code format}.
   *
   * @throws IllegalArgumentException if the format has other channels than the statistics
   */
  Distribution distribution(Format format) {
    requireChannels(format);
    return Distribution.of(
        channels,
        IntStream.range(0, channels.size())
            .mapToObj(i -> channelFormat(format, i).frac())
            .toList());
  }

  static FixedPoint channelFormat(Format format, int channel) {
    return format instanceof PerChannel perChannel
        ? perChannel.channel(channel)
        : (FixedPoint) format;
  }

  private void requireChannels(Format format) {
    if (format instanceof BiasFormat
        || (format instanceof PerChannel && format.fracs().size() != channels.size())) {
      throw new IllegalArgumentException(
          "%s must have a format for the %d channels that were observed, but has %s"
              .formatted(name, channels.size(), format));
    }
  }
}
