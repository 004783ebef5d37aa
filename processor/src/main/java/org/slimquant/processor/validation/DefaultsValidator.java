package org.slimquant.processor.validation;

import java.util.List;
import javax.lang.model.element.TypeElement;
import org.slimquant.format.FixedPoint;
import org.slimquant.processor.element.GivenBits;
import org.slimquant.processor.element.QuantAnnotation;
import org.slimquant.processor.element.Report;

/** The rules for the annotation of a class, whose values are the defaults of its layers. */
public final class DefaultsValidator {

  private final QuantAnnotation annotation;
  private final Report report;

  private DefaultsValidator(QuantAnnotation annotation, Report report) {
    this.annotation = annotation;
    this.report = report;
  }

  /**
   * Checks the annotation of a class, if it has one.
   *
   * @param hasLayer whether the class declares a layer
   */
  public static void validate(TypeElement model, boolean hasLayer, Report report) {
    QuantAnnotation.of(model)
        .map(annotation -> new DefaultsValidator(annotation, report))
        .ifPresent(validator -> validator.validate(hasLayer));
  }

  private void validate(boolean hasLayer) {
    if (!hasLayer) {
      report.error(
          annotation,
          "[QuantDefaults] the annotation of a class gives defaults to the layers that the class declares, but %s declares none; annotate its layer methods, or take the annotation away"
              .formatted(name()));
    }
    for (String bits : List.of("bits", "kernelBits", "outputBits")) {
      GivenBits given = new GivenBits(annotation, bits);
      if (annotation.gives(bits) && !given.areInRange()) {
        report.error(
            annotation,
            bits,
            "[QuantRange] %s must be between %d and %d, but is %d"
                .formatted(bits, FixedPoint.MIN_BITS, FixedPoint.MAX_BITS, given.number()));
      }
    }
    for (String frac : List.of("frac", "kernelFrac", "outputFrac", "sumFrac")) {
      if (annotation.isGiven(frac)) {
        report.error(
            annotation,
            frac,
            "[QuantDefaults] the annotation of a class must give no frac, because tensors of different ranges need different steps, but %s has %s; give it at the layers that need it"
                .formatted(name(), frac));
      }
    }
    if (annotation.givesName()) {
      report.error(
          annotation,
          QuantAnnotation.NAME_VALUE,
          "[QuantDefaults] the annotation of a class must give no name, which belongs to one input, but %s has one"
              .formatted(name()));
    }
  }

  private CharSequence name() {
    return annotation.element().getSimpleName();
  }
}
