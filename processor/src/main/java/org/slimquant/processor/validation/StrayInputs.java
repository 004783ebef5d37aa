package org.slimquant.processor.validation;

import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;
import org.slimquant.processor.element.QuantAnnotation;
import org.slimquant.processor.element.Report;

/** The rule that only parameters of layers are inputs. */
public final class StrayInputs {

  private StrayInputs() {}

  public static void validate(TypeElement model, Report report) {
    for (ExecutableElement constructor :
        ElementFilter.constructorsIn(model.getEnclosedElements())) {
      validate(constructor, "a constructor", report);
    }
    for (ExecutableElement method : ElementFilter.methodsIn(model.getEnclosedElements())) {
      if (!QuantAnnotation.isOn(method)) {
        validate(method, method.getSimpleName() + ", which is no layer", report);
      }
    }
  }

  private static void validate(ExecutableElement method, String owner, Report report) {
    method.getParameters().stream()
        .filter(QuantAnnotation::isOn)
        .forEach(
            parameter ->
                report.error(
                    parameter,
                    "[QuantInput] an input must be a parameter of a layer, but %s belongs to %s"
                        .formatted(parameter.getSimpleName(), owner)));
  }
}
