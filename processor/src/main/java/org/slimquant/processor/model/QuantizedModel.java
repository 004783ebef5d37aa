package org.slimquant.processor.model;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeVariableName;
import java.util.Optional;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import org.slimquant.format.CompiledPlan;
import org.slimquant.format.Planned;

/**
 * A model that keeps every rule, and the class that is written for it.
 *
 * @param element the model in the source
 * @param name the generated class
 * @param model the model as the generated class extends or implements it
 * @param modifiers the modifiers of the generated class
 * @param fieldNames the names of the model's fields, inherited ones included
 * @param hidesJavaLang whether a class of the model's package has the name of one in {@code
 *     java.lang}, which means the latter only where it is imported
 * @param layers inherited layers before the model's own, otherwise in the order of the source
 */
public record QuantizedModel(
    TypeElement element,
    ClassName name,
    TypeName model,
    ImmutableList<AnnotationSpec> annotations,
    ImmutableSet<Modifier> modifiers,
    ImmutableList<TypeVariableName> typeVariables,
    ImmutableList<Signature> constructors,
    ImmutableSet<String> fieldNames,
    boolean hidesJavaLang,
    ImmutableList<LayerMethod> layers) {

  public boolean isInterface() {
    return element.getKind().isInterface();
  }

  /** Returns the plan of the model's formats, if the compiler was given one. */
  public Optional<CompiledPlan> plan() {
    return layers.stream()
        .flatMap(LayerMethod::allFormats)
        .flatMap(format -> format instanceof Planned planned ? Stream.of(planned) : Stream.empty())
        .map(Planned::plan)
        .findFirst();
  }

  /** Returns the generated class of {@code model}: {@code QuantizedOuter_Inner}, for example. */
  public static ClassName nameFor(TypeElement model) {
    ClassName name = ClassName.get(model);
    return ClassName.get(name.packageName(), "Quantized" + String.join("_", name.simpleNames()));
  }
}
