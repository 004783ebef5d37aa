package org.slimquant.processor.validation;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.SignRequest;
import org.slimquant.processor.element.AnnotatedFormat;
import org.slimquant.processor.element.GivenBits;
import org.slimquant.processor.element.QuantAnnotation;
import org.slimquant.processor.element.Report;
import org.slimquant.processor.element.Suppressions;

/** The rules for formats: TensorFlow's op takes the bits, and float32 holds the values. */
public final class FormatValidator {

  private final QuantAnnotation annotation;
  private final Report report;

  public FormatValidator(QuantAnnotation annotation, Report report) {
    this.annotation = annotation;
    this.report = report;
  }

  /** Checks that the annotation of an input gives no format of a kernel or an output. */
  public void validateOneFormat() {
    for (String value : List.of("kernelBits", "kernelFrac", "outputBits", "outputFrac")) {
      if (annotation.gives(value)) {
        reportSecondFormat(value);
      }
    }
    if (!annotation.isCalibrated("sumFrac")) {
      reportSecondFormat("sumFrac");
    }
    if (annotation.flag("perChannel")) {
      reportSecondFormat("perChannel");
    }
  }

  private void reportSecondFormat(String value) {
    report.error(
        annotation,
        value,
        "[QuantInput] an input must have one format, of bits and frac, but %s has %s"
            .formatted(annotation.element().getSimpleName(), value));
  }

  /** Checks that an annotation which gives a frac does not leave the sign to calibration. */
  public void validateSign(AnnotatedFormat format) {
    if (annotation.isGiven("sign")
        && format.sign() == SignRequest.CALIBRATED
        && !format.isCalibrated()) {
      report.error(
          annotation,
          "sign",
          "[QuantSign] a sign from calibration must have a frac from calibration, but %s is %d; give SIGNED or UNSIGNED, or no sign, which is SIGNED with a frac"
              .formatted(format.frac(), format.givenFrac()));
    }
  }

  /** Checks that the exponents of a per-channel kernel come from calibration. */
  public void validateChannels(AnnotatedFormat kernel) {
    if (!kernel.perChannel() || kernel.isCalibrated()) {
      return;
    }
    if (!annotation.flag("perChannel")) {
      report.error(
          annotation,
          kernel.frac(),
          "[QuantPerChannel] a per-channel kernel, which the class asks for, must have its fracs from calibration, because one cannot suit channels that differ, but %s is %d; give the layer perChannel = false%s"
              .formatted(
                  kernel.frac(),
                  kernel.givenFrac(),
                  kernel.frac().equals("frac") ? ", or outputFrac in the place of frac" : ""));
    } else {
      report.error(
          annotation,
          "perChannel",
          "[QuantPerChannel] a per-channel kernel must have its fracs from calibration, because one cannot suit channels that differ, but %s is %d"
              .formatted(kernel.frac(), kernel.givenFrac()));
    }
  }

  /** Checks bits and exponents of all formats of an annotation. */
  public void validate(List<AnnotatedFormat> formats) {
    // The bits of the class are checked at the class.
    Stream.concat(
            Stream.of(new GivenBits(annotation, "bits")),
            formats.stream().map(AnnotatedFormat::bits))
        .filter(bits -> bits.annotation().equals(annotation))
        .distinct()
        .forEach(this::validateBits);
    Set<String> reported = new HashSet<>();
    for (AnnotatedFormat format : formats) {
      if (!format.fitsFloat()) {
        String culprit = culprit(format);
        if (reported.add(culprit)) {
          reportRange(format, culprit);
        }
      } else if (!format.isCalibrated()
          && format.givenFrac() > 0
          && format.bits().areInRange()
          && reported.add(format.frac())) {
        warnOfPositiveFrac(format);
      }
    }
  }

  private void validateBits(GivenBits bits) {
    if (!bits.areInRange()) {
      report.error(
          annotation,
          bits.value(),
          "[QuantRange] %s must be between %d and %d, but is %d"
              .formatted(bits.value(), FixedPoint.MIN_BITS, FixedPoint.MAX_BITS, bits.number()));
    }
  }

  /** Returns the value to report: the bits, if the frac suits the shared bits. */
  private String culprit(AnnotatedFormat format) {
    boolean bitsAreWrong =
        format.frac().equals("frac")
            && format.bits().annotation().equals(annotation)
            && AnnotatedFormat.input(annotation).fitsFloat();
    return bitsAreWrong ? format.bits().value() : format.frac();
  }

  private void reportRange(AnnotatedFormat format, String culprit) {
    report.error(
        annotation,
        culprit,
        "[QuantRange] %s must be between %d and %d for %d bits to stay within float32, but is %d"
            .formatted(
                format.frac(),
                Float.MIN_EXPONENT,
                format.maxFrac(),
                format.nearestBits(),
                format.givenFrac()));
  }

  private void warnOfPositiveFrac(AnnotatedFormat format) {
    if (Suppressions.silence(annotation.element(), Suppressions.POSITIVE_FRAC)) {
      return;
    }
    int frac = format.givenFrac();
    int bits = format.bits().number();
    BigDecimal step = BigDecimal.valueOf(2).pow(frac);
    BigDecimal max =
        step.multiply(BigDecimal.valueOf((1L << (format.isSigned() ? bits - 1 : bits)) - 1));
    BigDecimal min = format.isSigned() ? max.negate() : BigDecimal.ZERO;
    report.warning(
        annotation,
        format.frac(),
        "[%s] %s must be the exponent of the step, which is seldom positive, but is %d: steps of %s from %s to %s; for steps of 2^-%d write -%d"
            .formatted(
                Suppressions.POSITIVE_FRAC,
                format.frac(),
                frac,
                shorten(step),
                shorten(min),
                shorten(max),
                frac,
                frac));
  }

  /** Returns the number in full up to 10 digits, else rounded in scientific notation. */
  private static String shorten(BigDecimal number) {
    MathContext digits = new MathContext(number.precision() <= 10 ? 10 : 4);
    return number.round(digits).toString();
  }
}
