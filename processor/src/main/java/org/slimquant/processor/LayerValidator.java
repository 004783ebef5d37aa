package org.slimquant.processor;

import com.google.common.collect.ImmutableMap;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeMirror;

/** The rules for a layer method and its annotated parameters. */
final class LayerValidator {

  private static final ImmutableMap<Modifier, String> RULES_BY_FORBIDDEN_MODIFIER =
      ImmutableMap.of(
          Modifier.PRIVATE, "a layer must be visible to a subclass",
          Modifier.STATIC, "a layer must be an instance method",
          Modifier.FINAL, "a layer must be open to an override",
          Modifier.ABSTRACT, "a layer must have a body");

  // What TensorFlow allows in the name of an op, as far as a Java identifier can break it.
  private static final Pattern OP_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

  /** The sites of a layer that are no inputs. */
  private static final Set<String> SITES = Set.of("kernel", "bias", "output");

  private final TensorTypes tensorTypes;

  LayerValidator(TensorTypes tensorTypes) {
    this.tensorTypes = tensorTypes;
  }

  void validate(ExecutableElement layer, Report report) {
    RULES_BY_FORBIDDEN_MODIFIER.forEach(
        (modifier, rule) -> {
          if (layer.getModifiers().contains(modifier)) {
            report.error(
                layer,
                "[QuantLayer] %s, but %s is %s".formatted(rule, layer.getSimpleName(), modifier));
          }
        });
    if (!tensorTypes.isFloatOperand(layer.getReturnType())) {
      report.error(
          layer,
          "[QuantLayer] a layer must return Operand<TFloat32>, because a fake quant, which TensorFlow has for float32 only, takes its place, but %s returns %s"
              .formatted(layer.getSimpleName(), nameOf(layer.getReturnType())));
    }
    validateName(layer, "a layer", report);
    layer.getParameters().stream()
        .filter(QuantAnnotation::isOn)
        .forEach(parameter -> validateInput(parameter, report));
  }

  private void validateInput(VariableElement input, Report report) {
    if (!tensorTypes.isFloatOperand(input.asType())) {
      report.error(
          input,
          "[QuantInput] an input must be an Operand<TFloat32>, because a fake quant, which TensorFlow has for float32 only, takes its place, but %s is of type %s"
              .formatted(input.getSimpleName(), nameOf(input.asType())));
    }
    validateName(input, "an input", report);
    if (SITES.contains(input.getSimpleName().toString())) {
      report.error(
          input,
          "[QuantName] an input's name must not be kernel, bias or output, which are other tensors of its layer, but is %s"
              .formatted(input.getSimpleName()));
    }
  }

  private static void validateName(Element element, String subject, Report report) {
    if (!OP_NAME.matcher(element.getSimpleName()).matches()) {
      report.error(
          element,
          "[QuantName] %s's name must start with an ASCII letter and go on with letters, digits and _, so that an op can have it, but is %s"
              .formatted(subject, element.getSimpleName()));
    }
  }

  /** Returns the type as it is written in the source, more or less: without packages. */
  private static String nameOf(TypeMirror type) {
    return type.toString().replaceAll("\\b(?:\\p{javaLowerCase}[\\w$]*\\.)+", "");
  }
}
