package org.slimquant.processor.validation;

import com.google.auto.common.MoreElements;
import com.palantir.javapoet.ClassName;
import java.util.List;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.NestingKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import org.slimquant.processor.element.Lombok;
import org.slimquant.processor.element.Report;
import org.slimquant.processor.model.QuantizedModel;

/** The rules for a class with layers. */
public final class ModelValidator {

  private ModelValidator() {}

  public static void validate(
      TypeElement model, List<ExecutableElement> callableConstructors, Report report) {
    if (model.getKind() == ElementKind.CLASS || model.getKind() == ElementKind.INTERFACE) {
      validateClass(model, report);
      if (model.getKind() == ElementKind.CLASS && callableConstructors.isEmpty()) {
        report.error(
            model,
            "[QuantModel] a model must have a constructor that a subclass can call, but all those of %s are private or take private types%s"
                .formatted(
                    model.getSimpleName(),
                    Lombok.namesConstructor(model) ? "; take Lombok's static name away" : ""));
      }
    } else {
      report.error(
          model,
          "[QuantModel] a model must be a class or an interface, but %s is %s"
              .formatted(
                  model.getSimpleName(),
                  switch (model.getKind()) {
                    case ENUM -> "an enum";
                    case RECORD -> "a record";
                    default -> "an annotation interface";
                  }));
    }
  }

  private static void validateClass(TypeElement model, Report report) {
    if (model.getModifiers().contains(Modifier.FINAL)) {
      report.error(
          model,
          "[QuantModel] a model must be open to a subclass, but %s is final%s"
              .formatted(
                  model.getSimpleName(),
                  Lombok.isOn(model, "Value")
                      ? ", as Lombok's @Value makes it; add @NonFinal"
                      : ""));
    }
    if (model.getModifiers().contains(Modifier.SEALED) && !permitsQuantized(model)) {
      report.error(
          model,
          "[QuantModel] a sealed model must permit %s, but %s permits %s"
              .formatted(
                  QuantizedModel.nameFor(model).simpleName(),
                  model.getSimpleName(),
                  model.getPermittedSubclasses().stream()
                      .map(ModelValidator::nameOf)
                      .collect(Collectors.joining(", "))));
    }
    if (model.getNestingKind() == NestingKind.MEMBER
        && !model.getModifiers().contains(Modifier.STATIC)) {
      report.error(
          model,
          "[QuantModel] a nested model must be static, but %s is an inner class of %s"
              .formatted(
                  model.getSimpleName(),
                  MoreElements.asType(model.getEnclosingElement()).getSimpleName()));
    }
    for (Element e = model; e instanceof TypeElement; e = e.getEnclosingElement()) {
      if (e.getModifiers().contains(Modifier.PRIVATE)) {
        report.error(
            model,
            "[QuantModel] a model must be visible in its package, but %s is private"
                .formatted(e.getSimpleName()));
      }
    }
  }

  // By simple name: a class that is not written yet has no other.
  private static boolean permitsQuantized(TypeElement model) {
    ClassName quantized = QuantizedModel.nameFor(model);
    return model.getPermittedSubclasses().stream()
        .anyMatch(permitted -> nameOf(permitted).equals(quantized.simpleName()));
  }

  private static String nameOf(TypeMirror type) {
    return ((DeclaredType) type).asElement().getSimpleName().toString();
  }
}
