package org.slimquant.processor.reading;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.FormatRequest;
import org.slimquant.processor.element.AnnotatedFormat;
import org.slimquant.processor.element.QuantAnnotation;
import org.slimquant.processor.element.Report;
import org.slimquant.processor.model.LayerFormats;
import org.slimquant.processor.model.LayerResult;
import org.slimquant.processor.model.OutputFormat;
import org.slimquant.processor.validation.FormatValidator;

/** Reads the formats of an annotation. */
final class FormatReader {

  private FormatReader() {}

  /** Returns the formats of a layer; if there are errors, they are reported. */
  static LayerFormats readLayer(QuantAnnotation annotation, LayerResult result, Report report) {
    AnnotatedFormat kernel = AnnotatedFormat.kernel(annotation);
    AnnotatedFormat output = AnnotatedFormat.output(annotation);
    AnnotatedFormat sum = AnnotatedFormat.sum(annotation);
    FormatValidator validator = new FormatValidator(annotation, report);
    validator.validate(List.of(kernel, output, sum));
    validator.validateSign(output);
    validator.validateChannels(kernel);
    FormatRequest request = format(output);
    // A default of the class is also one of its layers without a kernel.
    return new LayerFormats(
        format(kernel),
        request,
        format(sum),
        annotation.flag("perChannel")
            || annotation.gives("kernelBits")
            || annotation.gives("kernelFrac"),
        result instanceof LayerResult.Components named
            ? named.components().stream()
                .map(name -> new OutputFormat(name, request))
                .collect(toImmutableList())
            : ImmutableList.of());
  }

  /** Returns the format of a parameter; if there are errors, they are reported. */
  static FormatRequest readInput(QuantAnnotation annotation, Report report) {
    FormatValidator validator = new FormatValidator(annotation, report);
    validator.validateOneFormat();
    AnnotatedFormat input = AnnotatedFormat.input(annotation);
    validator.validate(List.of(input));
    validator.validateSign(input);
    return format(input);
  }

  /** Returns the format, or one in range if the annotation's is out of range and reported. */
  private static FormatRequest format(AnnotatedFormat format) {
    int bits = format.nearestBits();
    if (format.isCalibrated()) {
      return new Calibrated(bits, format.sign(), format.perChannel());
    }
    return new FixedPoint(
        bits,
        Math.max(Float.MIN_EXPONENT, Math.min(format.maxFrac(), format.givenFrac())),
        format.isSigned());
  }
}
