package org.slimquant.processor.reading;

import java.util.List;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.FormatRequest;
import org.slimquant.processor.element.AnnotatedFormat;
import org.slimquant.processor.element.QuantAnnotation;
import org.slimquant.processor.element.Report;
import org.slimquant.processor.model.LayerFormats;
import org.slimquant.processor.validation.FormatValidator;

/** Reads the formats of an annotation. */
final class FormatReader {

  private FormatReader() {}

  /** Returns the formats of a layer; if there are errors, they are reported. */
  static LayerFormats readLayer(QuantAnnotation annotation, Report report) {
    AnnotatedFormat kernel =
        AnnotatedFormat.orShared(
            annotation, "kernelBits", "kernelFrac", true, annotation.flag("perChannel"));
    AnnotatedFormat output =
        AnnotatedFormat.orShared(
            annotation, "outputBits", "outputFrac", !annotation.flag("unsignedOutput"), false);
    AnnotatedFormat sum = new AnnotatedFormat(annotation, output.bits(), "sumFrac", true, false);
    FormatValidator validator = new FormatValidator(annotation, report);
    validator.validate(List.of(kernel, output, sum));
    validator.validateChannels(kernel);
    return new LayerFormats(
        format(kernel),
        format(output),
        format(sum),
        kernel.perChannel() || annotation.gives("kernelBits") || annotation.gives("kernelFrac"));
  }

  /** Returns the format of a parameter; if there are errors, they are reported. */
  static FormatRequest readInput(QuantAnnotation annotation, Report report) {
    FormatValidator validator = new FormatValidator(annotation, report);
    validator.validateOneFormat();
    AnnotatedFormat input =
        new AnnotatedFormat(annotation, "bits", "frac", !annotation.flag("unsignedOutput"), false);
    validator.validate(List.of(input));
    return format(input);
  }

  /** Returns the format, or one in range if the annotation's is out of range and reported. */
  private static FormatRequest format(AnnotatedFormat format) {
    int bits = format.nearestBits();
    if (format.isCalibrated()) {
      return new Calibrated(bits, format.signed(), format.perChannel());
    }
    return new FixedPoint(
        bits,
        Math.max(Float.MIN_EXPONENT, Math.min(format.maxFrac(), format.givenFrac())),
        format.signed());
  }
}
