package org.slimquant.processor.validation;

import com.google.auto.common.MoreElements;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import org.slimquant.plan.SiteName;
import org.slimquant.processor.element.QuantAnnotation;
import org.slimquant.processor.element.Report;
import org.slimquant.processor.model.LayerResult;

/** The rules for the names of a layer and its inputs, which ops of the graph get too. */
public final class NameValidator {

  // The names that TensorFlow allows for an op, as far as a Java identifier can break the rule.
  private static final Pattern OP_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

  // The name of a parameter whose class file has none: arg0, or arg$0 if that is taken.
  private static final Pattern MADE_UP = Pattern.compile("arg\\$*\\d+");

  /** The sites of a layer that are no inputs. */
  private static final Set<String> SITES = Set.of("kernel", "bias", "sum", "output");

  private NameValidator() {}

  static void validateLayer(ExecutableElement layer, Report report) {
    if (!isOpName(layer.getSimpleName())) {
      report.error(layer, opNameMessage("a layer", layer.getSimpleName()));
    }
    QuantAnnotation.of(layer)
        .filter(QuantAnnotation::givesName)
        .ifPresent(
            annotation ->
                report.error(
                    annotation,
                    QuantAnnotation.NAME_VALUE,
                    "[QuantName] a layer must have the name of its method, but %s has another"
                        .formatted(layer.getSimpleName())));
  }

  static void validateInput(QuantAnnotation input, Report report) {
    if (!isOpName(input.nameOfInput())) {
      error(input, opNameMessage("an input", input.nameOfInput()), report);
    }
    if (SITES.contains(input.nameOfInput())) {
      error(
          input,
          "[QuantName] an input's name must not be kernel, bias or output, which are other tensors of its layer, but is %s"
              .formatted(input.nameOfInput()),
          report);
    }
  }

  /** Checks that ops can have the names of the components of a record of outputs. */
  static void validateOutputs(ExecutableElement layer, LayerResult outputs, Report report) {
    for (String component : namesOf(outputs)) {
      if (!isOpName(component)) {
        report.error(layer, opNameMessage("an output", component));
      }
      if (SITES.contains(component) && !component.equals(SiteName.OUTPUT)) {
        report.error(
            layer,
            "[QuantName] a component's name must not be kernel or bias, which are other tensors of its layer, but that of the record of %s is %s"
                .formatted(layer.getSimpleName(), component));
      }
    }
  }

  private static List<String> namesOf(LayerResult outputs) {
    return outputs instanceof LayerResult.Components named ? named.components() : List.of();
  }

  /**
   * Checks that no two inputs of a layer have one name, which their annotations may give, and that
   * none has that of an output. The second operand of an array x has the name x_1.
   *
   * @param isGroup whether an input consists of several operands
   */
  static void validateInputs(
      ExecutableElement layer,
      LayerResult outputs,
      Predicate<QuantAnnotation> isGroup,
      Report report) {
    List<QuantAnnotation> inputs =
        layer.getParameters().stream()
            .flatMap(parameter -> QuantAnnotation.of(parameter).stream())
            .toList();
    boolean numbered =
        outputs instanceof LayerResult.Array || outputs instanceof LayerResult.Listed;
    Set<String> names = new HashSet<>();
    for (QuantAnnotation input : inputs) {
      String name = input.nameOfInput();
      if (!names.add(name)) {
        error(
            input,
            "[QuantName] an input must have a name of its own, but %s has two inputs named %s"
                .formatted(layer.getSimpleName(), name),
            report);
      }
      boolean isOutput = numbered && isNumbered(name, SiteName.OUTPUT);
      boolean isOperand =
          inputs.stream().filter(isGroup).anyMatch(group -> isNumbered(name, group.nameOfInput()));
      if (isOutput || isOperand || namesOf(outputs).contains(name)) {
        error(
            input,
            "[QuantName] an input must have a name of its own, but %s is also the name of an %s of %s"
                .formatted(
                    name, isOperand ? "operand in an array" : "output", layer.getSimpleName()),
            report);
      }
    }
  }

  /** Returns whether a name is that of a later operand of an array. */
  private static boolean isNumbered(String name, String array) {
    return !name.equals(array) && SiteName.firstCall(name).equals(array);
  }

  /**
   * Checks that the inputs of a layer that is inherited from a class file have names there.
   * Otherwise the compiler invents {@code arg0}, while the source has {@code images}, and the plans
   * of the layer's own class do not fit.
   */
  public static void validateClassFile(ExecutableElement layer, TypeElement model, Report report) {
    List<? extends VariableElement> parameters = layer.getParameters();
    for (int i = 0; i < parameters.size(); i++) {
      int number = i + 1;
      QuantAnnotation.of(parameters.get(i))
          .filter(annotation -> MADE_UP.matcher(annotation.nameOfInput()).matches())
          .filter(annotation -> !annotation.givesName())
          .ifPresent(
              annotation ->
                  report.error(
                      annotation,
                      "[QuantName] an input must have a name, but the class file of %s has none for parameter %d of %s; compile it with -g or -parameters, annotate the parameter there with @QuantInt8(name = …), or override %s in %s"
                          .formatted(
                              MoreElements.asType(layer.getEnclosingElement()).getSimpleName(),
                              number,
                              layer.getSimpleName(),
                              layer.getSimpleName(),
                              model.getSimpleName())));
    }
  }

  private static boolean isOpName(CharSequence name) {
    return OP_NAME.matcher(name).matches();
  }

  private static String opNameMessage(String subject, CharSequence name) {
    return "[QuantName] %s's name must start with an ASCII letter and go on with letters, digits and _, so that an op can have it, but is %s"
        .formatted(subject, name);
  }

  /** Reports at the name that the annotation gives, or at the parameter if it gives none. */
  private static void error(QuantAnnotation input, String message, Report report) {
    if (input.givesName()) {
      report.error(input, QuantAnnotation.NAME_VALUE, message);
    } else {
      report.error(input.element(), message);
    }
  }
}
