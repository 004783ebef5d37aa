package org.slimquant.calibration;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.Exponents;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.runtime.layer.GridOrigin;

/**
 * The limits that sums set to the exponent {@code d_kernel} of a kernel's channel that takes part
 * in them. The step of a sum is {@code 2^(d_input + d_kernel)}, and so is that of its bias.
 *
 * @param bias the bias with the strictest limit, and the layer's input
 * @param least the smallest exponent at which all biases fit and all steps are normal floats
 * @param most the largest exponent at which the steps of all biases are a 16th of the outputs' or
 *     finer; it counts for a channel whose weights do not matter
 * @param unseen whether the weights are so small that with any inputs they move the sums by less
 *     than a quarter of the outputs' steps
 */
record ChannelNeed(Optional<BiasNeed> bias, int least, int most, boolean unseen) {

  /** The need of a channel of which nothing is known. */
  static final ChannelNeed NONE =
      new ChannelNeed(Optional.empty(), Integer.MIN_VALUE, Integer.MAX_VALUE, false);

  /**
   * A bias that must have a 32-bit code.
   *
   * @param site the name of its site
   * @param magnitude its {@code |b|}, above 0
   * @param inputFrac the exponent of the step of the layer's input
   */
  record BiasNeed(String site, double magnitude, int inputFrac) {

    /** Returns the smallest exponent of the kernel with {@code |b| < 2^30 steps}. */
    int least() {
      return Math.getExponent(magnitude) + 1 - BiasFormat.CALIBRATED_BITS - inputFrac;
    }

    /** Returns the largest magnitude that has a code, if the kernel has an exponent. */
    double limit(int kernelFrac) {
      return Math.scalb((double) BiasFormat.MAX_CODE, inputFrac + kernelFrac);
    }
  }

  /**
   * Returns the need of a channel.
   *
   * @param sums all sums that the kernel takes part in
   * @param channel the number of the channel
   * @param weights the elements of the channel
   * @param formats the formats of inputs and outputs, by the names of their sites
   */
  static ChannelNeed of(
      List<SumStatistics> sums, int channel, Histogram weights, Map<String, Format> formats) {
    List<Term> terms =
        sums.stream().flatMap(sum -> Term.of(sum, channel, formats).stream()).toList();
    Optional<BiasNeed> bias =
        terms.stream()
            .flatMap(term -> term.bias().stream())
            .max(Comparator.comparingInt(BiasNeed::least));
    double reach =
        weights.count() * (double) Math.max(Math.abs(weights.min()), Math.abs(weights.max()));
    boolean unseen =
        !terms.isEmpty()
            && terms.size() == sums.size()
            && terms.stream().allMatch(term -> term.hides(reach));
    int least =
        terms.stream()
            .mapToInt(term -> BiasFormat.MIN_FRAC - term.inputFrac())
            .max()
            .orElse(Integer.MIN_VALUE);
    int most = terms.stream().mapToInt(Term::most).min().orElse(Integer.MAX_VALUE);
    return new ChannelNeed(
        bias, Math.max(least, bias.map(BiasNeed::least).orElse(least)), most, unseen);
  }

  /**
   * Returns the exponent of a channel whose weights do not matter.
   *
   * @param frac the exponent that it gets if the limits allow it
   * @param bits the width of a code
   */
  int harmless(int frac, int bits) {
    int wanted = Math.max(Math.min(frac, most), least());
    return Math.max(Float.MIN_EXPONENT, Math.min(wanted, Exponents.largest(bits)));
  }

  /** A sum with the exponents that are known when kernels get theirs. */
  private record Term(
      Optional<BiasNeed> bias,
      int inputFrac,
      Optional<Double> inputReach,
      Optional<Integer> outputFrac) {

    /** The exponent by which a bias's step is finer than the output's, at least. */
    private static final int BIAS_FINER = 4;

    /** Returns the sum, if the input has a grid. */
    static Optional<Term> of(SumStatistics sum, int channel, Map<String, Format> formats) {
      return sum.input()
          .flatMap(origin -> origin.frac(site -> frac(formats, site)))
          .map(
              inputFrac ->
                  new Term(
                      Optional.of(new BiasNeed(sum.bias(), sum.magnitude(channel), inputFrac))
                          .filter(need -> need.magnitude() > 0),
                      inputFrac,
                      sum.input().flatMap(origin -> reach(origin, formats)),
                      sum.output().flatMap(site -> frac(formats, site))));
    }

    private static Optional<Integer> frac(Map<String, Format> formats, String site) {
      return Optional.ofNullable(formats.get(site)).map(format -> format.fracs().get(0));
    }

    /** Returns the largest magnitude that an input can have, if all its origins are known. */
    private static Optional<Double> reach(GridOrigin origin, Map<String, Format> formats) {
      return origin.fracs().isEmpty()
          ? Stream.concat(
                  origin.sites().stream().map(site -> max(formats.get(site))),
                  origin.constants().stream().map(value -> (double) Math.abs(value)))
              .max(Comparator.naturalOrder())
          : Optional.empty();
    }

    private static double max(@Nullable Format format) {
      return format instanceof FixedPoint fixed ? fixed.max() : Double.POSITIVE_INFINITY;
    }

    /** Returns whether weights with this sum of magnitudes move a sum by too little to matter. */
    boolean hides(double weights) {
      return inputReach.isPresent()
          && outputFrac.isPresent()
          && weights * inputReach.get() < Math.scalb(1d, outputFrac.get() - 2);
    }

    int most() {
      return outputFrac.map(frac -> frac - inputFrac - BIAS_FINER).orElse(Integer.MAX_VALUE);
    }
  }
}
