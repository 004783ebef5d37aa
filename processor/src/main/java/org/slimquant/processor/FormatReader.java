package org.slimquant.processor;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slimquant.format.Calibrated;
import org.slimquant.format.Exponents;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.FormatRequest;

/**
 * Reads the formats of an annotation, and checks that TensorFlow's op takes their bits and that
 * float32 holds their values.
 */
final class FormatReader {

  /** Bits and frac of a format, each by the name of the value that gives it. */
  private record Source(String bits, String frac, boolean signed, boolean perChannel) {}

  private final QuantAnnotation annotation;
  private final Report report;

  private FormatReader(QuantAnnotation annotation, Report report) {
    this.annotation = annotation;
    this.report = report;
  }

  /** Returns the formats of a layer; where there are errors, they are reported. */
  static LayerFormats readLayer(QuantAnnotation annotation, Report report) {
    FormatReader reader = new FormatReader(annotation, report);
    Source kernel = reader.source("kernelBits", "kernelFrac", true, annotation.flag("perChannel"));
    Source output =
        reader.source("outputBits", "outputFrac", !annotation.flag("unsignedOutput"), false);
    reader.check(List.of(kernel, output));
    reader.checkChannels(kernel);
    return new LayerFormats(
        reader.format(kernel),
        reader.format(output),
        kernel.perChannel || annotation.gives("kernelBits") || annotation.gives("kernelFrac"));
  }

  /** Returns the format of a parameter; where there are errors, they are reported. */
  static FormatRequest readInput(QuantAnnotation annotation, Report report) {
    FormatReader reader = new FormatReader(annotation, report);
    for (String value : List.of("kernelBits", "kernelFrac", "outputBits", "outputFrac")) {
      if (annotation.gives(value)) {
        reader.reportSecondFormat(value);
      }
    }
    if (annotation.flag("perChannel")) {
      reader.reportSecondFormat("perChannel");
    }
    Source input = new Source("bits", "frac", !annotation.flag("unsignedOutput"), false);
    reader.check(List.of(input));
    return reader.format(input);
  }

  private void reportSecondFormat(String value) {
    report.error(
        annotation,
        value,
        "[QuantInput] an input must have one format, of bits and frac, but %s has %s"
            .formatted(annotation.element().getSimpleName(), value));
  }

  private Source source(String bits, String frac, boolean signed, boolean perChannel) {
    return new Source(
        annotation.gives(bits) ? bits : "bits",
        annotation.gives(frac) ? frac : "frac",
        signed,
        perChannel);
  }

  // What is out of range is reported; nobody reads the format that stands in for it.
  private FormatRequest format(Source source) {
    int bits = nearestBits(source.bits);
    if (annotation.isCalibrated(source.frac)) {
      return new Calibrated(bits, source.signed, source.perChannel);
    }
    int frac = annotation.number(source.frac);
    return new FixedPoint(
        bits, Math.max(Float.MIN_EXPONENT, Math.min(maxFrac(source.bits), frac)), source.signed);
  }

  private void checkChannels(Source kernel) {
    if (kernel.perChannel && !annotation.isCalibrated(kernel.frac)) {
      report.error(
          annotation,
          "perChannel",
          "[QuantPerChannel] a per-channel kernel must have its fracs from calibration, because one cannot suit channels that differ, but %s is %d"
              .formatted(kernel.frac, annotation.number(kernel.frac)));
    }
  }

  private void check(List<Source> sources) {
    Stream.concat(Stream.of("bits"), sources.stream().map(Source::bits))
        .distinct()
        .forEach(this::checkBits);
    Set<String> reported = new HashSet<>();
    for (Source source : sources) {
      if (!fits(source.bits, source.frac)) {
        String culprit = culprit(source);
        if (reported.add(culprit)) {
          reportRange(source, culprit);
        }
      } else if (!annotation.isCalibrated(source.frac)
          && annotation.number(source.frac) > 0
          && bitsAreInRange(source.bits)
          && reported.add(source.frac)) {
        warnOfPositiveFrac(source);
      }
    }
  }

  private void checkBits(String name) {
    if (!bitsAreInRange(name)) {
      report.error(
          annotation,
          name,
          "[QuantRange] %s must be between %d and %d, but is %d"
              .formatted(name, FixedPoint.MIN_BITS, FixedPoint.MAX_BITS, annotation.number(name)));
    }
  }

  private boolean bitsAreInRange(String name) {
    return annotation.number(name) == nearestBits(name);
  }

  private boolean fits(String bits, String frac) {
    int value = annotation.number(frac);
    return annotation.isCalibrated(frac) || (value >= Float.MIN_EXPONENT && value <= maxFrac(bits));
  }

  /** Returns the largest exponent with which {@code 2^bits} steps are a finite float32. */
  private int maxFrac(String bits) {
    return Exponents.largest(nearestBits(bits));
  }

  // Bits that are out of range are reported; frac is judged as if they were just within it.
  private int nearestBits(String name) {
    return Math.max(FixedPoint.MIN_BITS, Math.min(FixedPoint.MAX_BITS, annotation.number(name)));
  }

  /** Returns the value that breaks the format: a frac that suits other bits is not to blame. */
  private String culprit(Source source) {
    boolean bitsAreToBlame = source.frac.equals("frac") && fits("bits", "frac");
    return bitsAreToBlame ? source.bits : source.frac;
  }

  private void reportRange(Source source, String culprit) {
    report.error(
        annotation,
        culprit,
        "[QuantRange] %s must be between %d and %d for %d bits to stay within float32, but is %d"
            .formatted(
                source.frac,
                Float.MIN_EXPONENT,
                maxFrac(source.bits),
                nearestBits(source.bits),
                annotation.number(source.frac)));
  }

  private void warnOfPositiveFrac(Source source) {
    if (Suppressions.silence(annotation.element(), Suppressions.POSITIVE_FRAC)) {
      return;
    }
    int frac = annotation.number(source.frac);
    int bits = annotation.number(source.bits);
    BigDecimal step = BigDecimal.valueOf(2).pow(frac);
    BigDecimal max =
        step.multiply(BigDecimal.valueOf((1L << (source.signed ? bits - 1 : bits)) - 1));
    BigDecimal min = source.signed ? max.negate() : BigDecimal.ZERO;
    report.warning(
        annotation,
        source.frac,
        "[%s] %s must be the exponent of the step, which is seldom positive, but is %d: steps of %s from %s to %s; for steps of 2^-%d write -%d"
            .formatted(
                Suppressions.POSITIVE_FRAC,
                source.frac,
                frac,
                shorten(step),
                shorten(min),
                shorten(max),
                frac,
                frac));
  }

  /** Returns the number whole up to 10 digits, and rounded in scientific notation beyond. */
  private static String shorten(BigDecimal number) {
    MathContext digits = new MathContext(number.precision() <= 10 ? 10 : 4);
    return number.round(digits).toString();
  }
}
