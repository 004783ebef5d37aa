package org.slimquant.processor.reading;

import com.google.auto.common.MoreElements;
import com.google.auto.common.MoreTypes;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Sets;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Types;
import org.slimquant.format.FormatRequest;
import org.slimquant.processor.element.Mentions;
import org.slimquant.processor.element.QuantAnnotation;
import org.slimquant.processor.element.Report;
import org.slimquant.processor.element.TensorTypes;
import org.slimquant.processor.model.LayerFormats;
import org.slimquant.processor.model.LayerMethod;
import org.slimquant.processor.model.LayerResult;
import org.slimquant.processor.model.Parameter.Role;
import org.slimquant.processor.model.Signature;
import org.slimquant.processor.validation.LayerValidator;
import org.slimquant.processor.validation.NameValidator;

/** Reads the layers of a model, its own and those it inherits. */
final class LayerReader {

  private static final Set<Modifier> VISIBLE_ELSEWHERE =
      EnumSet.of(Modifier.PUBLIC, Modifier.PROTECTED);

  private final Types types;
  private final TensorTypes tensorTypes;
  private final LayerValidator validator;
  private final Lint lint;

  LayerReader(Types types, TensorTypes tensorTypes, Lint lint) {
    this.types = types;
    this.tensorTypes = tensorTypes;
    this.validator = new LayerValidator(tensorTypes);
    this.lint = lint;
  }

  /**
   * Returns the layer, which is usable if nothing is reported.
   *
   * @param isOfClassFile whether the layer is inherited from a class that is not compiled now
   * @param layerReport takes the errors of the layer itself
   * @param modelReport takes the errors of inheriting it
   */
  LayerMethod read(
      ExecutableElement layer,
      TypeElement model,
      boolean isOfClassFile,
      Report layerReport,
      Report modelReport) {
    validator.validate(layer, layerReport);
    if (isOfClassFile) {
      NameValidator.validateClassFile(layer, model, layerReport);
    }
    ExecutableType view =
        MoreTypes.asExecutable(types.asMemberOf(MoreTypes.asDeclared(model.asType()), layer));
    checkVisibility(layer, view, model, layerReport, modelReport);
    LayerResult result =
        tensorTypes.resultOf(layer.getReturnType()).orElseGet(LayerResult.One::new);
    LayerFormats formats =
        FormatReader.readLayer(QuantAnnotation.of(layer).orElseThrow(), result, layerReport);
    boolean isRaw = tensorTypes.resultOf(view.getReturnType()).isEmpty();
    TypeNames typeNames = TypeNames.in(model, layer);
    Signature signature =
        SignatureReader.read(
            layer,
            view,
            typeNames,
            lint.ofLayer(layer, view, isRaw, model),
            (parameter, type) -> roleOf(parameter, type, layerReport));
    return new LayerMethod(
        layer,
        layer.getSimpleName().toString(),
        typeNames.of(view.getReturnType()),
        result,
        signature,
        formats);
  }

  private void checkVisibility(
      ExecutableElement layer,
      ExecutableType view,
      TypeElement model,
      Report layerReport,
      Report modelReport) {
    PackageElement home = MoreElements.getPackage(model);
    PackageElement origin = MoreElements.getPackage(layer);
    boolean isPackagePrivate = Sets.intersection(layer.getModifiers(), VISIBLE_ELSEWHERE).isEmpty();
    if (isPackagePrivate
        && !layer.getModifiers().contains(Modifier.PRIVATE)
        && !origin.equals(home)) {
      modelReport.error(
          model,
          "[QuantLayer] an inherited layer must be visible to a subclass, but %s.%s is package-private in %s"
              .formatted(
                  MoreElements.asType(layer.getEnclosingElement()).getSimpleName(),
                  layer.getSimpleName(),
                  origin));
    }
    Mentions mentions = Mentions.of(view);
    boolean isHiddenAtOrigin =
        mentions.hiddenFrom(MoreElements.asType(layer.getEnclosingElement())).isPresent();
    mentions
        .hiddenFrom(model)
        .ifPresent(
            type ->
                (isHiddenAtOrigin ? layerReport : modelReport)
                    .error(
                        isHiddenAtOrigin ? layer : model,
                        "[QuantLayer] the types of a layer must be visible to a subclass, but %s of %s is not"
                            .formatted(type.getSimpleName(), layer.getSimpleName())));
  }

  private Role roleOf(VariableElement parameter, TypeMirror type, Report report) {
    return QuantAnnotation.of(parameter)
        .map(annotation -> quantized(annotation, parameter, type, report))
        .orElseGet(() -> tensorTypes.roleOf(type));
  }

  private Role quantized(
      QuantAnnotation annotation, VariableElement parameter, TypeMirror type, Report report) {
    String name = annotation.nameOfInput();
    FormatRequest format = FormatReader.readInput(annotation, report);
    boolean nullable = isNullable(parameter, type);
    return tensorTypes.isFloatGroup(parameter.asType())
        ? new Role.QuantizedGroup(name, format, ImmutableList.of(), nullable)
        : new Role.Quantized(name, format, nullable);
  }

  /** Returns whether there is a {@code @Nullable} of any package. */
  private static boolean isNullable(VariableElement parameter, TypeMirror type) {
    Stream<? extends AnnotationMirror> annotations =
        Stream.concat(
            parameter.getAnnotationMirrors().stream(), type.getAnnotationMirrors().stream());
    return annotations.anyMatch(
        annotation ->
            annotation.getAnnotationType().asElement().getSimpleName().contentEquals("Nullable"));
  }
}
