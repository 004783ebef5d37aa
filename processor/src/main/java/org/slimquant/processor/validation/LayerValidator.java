package org.slimquant.processor.validation;

import com.google.common.collect.ImmutableMap;
import java.util.Optional;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.type.TypeMirror;
import org.slimquant.processor.element.QuantAnnotation;
import org.slimquant.processor.element.Report;
import org.slimquant.processor.element.TensorTypes;
import org.slimquant.processor.model.LayerResult;

/** The rules for a layer method and its annotated parameters. */
public final class LayerValidator {

  private static final ImmutableMap<Modifier, String> RULES_BY_FORBIDDEN_MODIFIER =
      ImmutableMap.of(
          Modifier.PRIVATE, "a layer must be visible to a subclass",
          Modifier.STATIC, "a layer must be an instance method",
          Modifier.FINAL, "a layer must be open to an override",
          Modifier.ABSTRACT, "a layer must have a body");

  private final TensorTypes tensorTypes;

  public LayerValidator(TensorTypes tensorTypes) {
    this.tensorTypes = tensorTypes;
  }

  public void validate(ExecutableElement layer, Report report) {
    RULES_BY_FORBIDDEN_MODIFIER.forEach(
        (modifier, rule) -> {
          if (layer.getModifiers().contains(modifier)) {
            report.error(
                layer,
                "[QuantLayer] %s, but %s is %s".formatted(rule, layer.getSimpleName(), modifier));
          }
        });
    Optional<LayerResult> result = tensorTypes.resultOf(layer.getReturnType());
    if (result.isEmpty()) {
      report.error(
          layer,
          "[QuantLayer] a layer must return Operand<TFloat32>, or an array, a List or a record of nothing else, because a fake quant, which TensorFlow has for float32 only, takes its place, but %s returns %s"
              .formatted(layer.getSimpleName(), nameOf(layer.getReturnType())));
    }
    NameValidator.validateLayer(layer, report);
    layer.getParameters().stream()
        .flatMap(parameter -> QuantAnnotation.of(parameter).stream())
        .forEach(input -> validateInput(input, report));
    result.ifPresent(outputs -> NameValidator.validateOutputs(layer, outputs, report));
    NameValidator.validateInputs(
        layer,
        result.orElseGet(LayerResult.One::new),
        input -> tensorTypes.isFloatGroup(input.element().asType()),
        report);
  }

  private void validateInput(QuantAnnotation input, Report report) {
    Element parameter = input.element();
    if (!tensorTypes.isFloatOperand(parameter.asType())
        && !tensorTypes.isFloatGroup(parameter.asType())) {
      report.error(
          parameter,
          "[QuantInput] an input must be an Operand<TFloat32>, or an array, List, Collection or Iterable of it, because a fake quant, which TensorFlow has for float32 only, takes its place, but %s is of type %s"
              .formatted(parameter.getSimpleName(), nameOf(parameter.asType())));
    }
    NameValidator.validateInput(input, report);
  }

  /** Returns the type as it is written in the source, more or less: without packages. */
  private static String nameOf(TypeMirror type) {
    return type.toString().replaceAll("\\b(?:\\p{javaLowerCase}[\\w$]*\\.)+", "");
  }
}
