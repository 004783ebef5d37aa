package org.slimquant.processor.reading;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;

import com.google.auto.common.MoreElements;
import com.google.auto.common.MoreTypes;
import com.google.auto.common.Visibility;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import javax.annotation.processing.Messager;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeVariable;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import org.slimquant.processor.element.Hierarchy;
import org.slimquant.processor.element.Mentions;
import org.slimquant.processor.element.QuantAnnotation;
import org.slimquant.processor.element.Report;
import org.slimquant.processor.element.TensorTypes;
import org.slimquant.processor.model.LayerMethod;
import org.slimquant.processor.model.Parameter.Role;
import org.slimquant.processor.model.QuantizedModel;
import org.slimquant.processor.model.Signature;
import org.slimquant.processor.validation.DefaultsValidator;
import org.slimquant.processor.validation.ModelValidator;
import org.slimquant.processor.validation.StrayInputs;

/** Reads a class with annotations into the model that is written, or reports its errors. */
public final class AnnotatedModelReader {

  private final Elements elements;
  private final Messager messager;
  private final Lint lint;
  private final LayerReader layerReader;
  private final PlanDirectory plans;

  public AnnotatedModelReader(ProcessingEnvironment environment) {
    this.elements = environment.getElementUtils();
    this.messager = environment.getMessager();
    this.lint = new Lint(elements, environment.getTypeUtils());
    this.layerReader =
        new LayerReader(
            environment.getTypeUtils(),
            new TensorTypes(elements, environment.getTypeUtils()),
            lint);
    this.plans = PlanDirectory.of(environment);
  }

  /**
   * Returns the model, or nothing if it has no layer of its own or breaks a rule, which is then
   * reported.
   *
   * @param isRead whether a class is read in this compilation too, which then reports its errors
   */
  public Optional<QuantizedModel> read(
      TypeElement model, Hierarchy hierarchy, Predicate<TypeElement> isRead) {
    Report report = Report.to(messager);
    StrayInputs.validate(model, report);
    DefaultsValidator.validate(model, hasOwnLayer(model), report);
    if (!hasOwnLayer(model)) {
      return Optional.empty();
    }
    ImmutableList<ExecutableElement> constructors = callableConstructors(model);
    ModelValidator.validate(model, constructors, report);
    List<ExecutableElement> methods = hierarchy.layers().toList();
    ImmutableList<LayerMethod> layers =
        methods.stream()
            .map(
                method ->
                    layerReader.read(
                        method,
                        model,
                        !isRead.test(ownerOf(method)),
                        reportOn(method, model, isRead, report),
                        report))
            .collect(toImmutableList());
    reportOverloads(methods, model, isRead, report);
    if (report.hasErrors()) {
      return Optional.empty();
    }
    ImmutableList<LayerMethod> planned = plans.bake(layers, model, report);
    if (report.hasErrors()) {
      return Optional.empty();
    }
    ImmutableSet<Modifier> modifiers = modifiers(model, hierarchy);
    TypeNames typeNames = TypeNames.in(model);
    return Optional.of(
        new QuantizedModel(
            model,
            QuantizedModel.nameFor(model),
            typeNames.of(model.asType()),
            lint.ofClass(model),
            modifiers,
            model.getTypeParameters().stream()
                .map(parameter -> typeNames.declarationOf((TypeVariable) parameter.asType()))
                .collect(toImmutableList()),
            model.getKind().isInterface()
                ? ImmutableList.of(Signature.ofDefaultConstructor(modifiers))
                : readConstructors(constructors, model),
            fieldNames(model),
            hidesJavaLang(model),
            planned));
  }

  private ImmutableSet<String> fieldNames(TypeElement model) {
    return ElementFilter.fieldsIn(elements.getAllMembers(model)).stream()
        .map(field -> field.getSimpleName().toString())
        .collect(toImmutableSet());
  }

  /** Returns whether a class beside the model has the name of one in java.lang. */
  private boolean hidesJavaLang(TypeElement model) {
    return ElementFilter.typesIn(MoreElements.getPackage(model).getEnclosedElements()).stream()
        .anyMatch(
            sibling -> elements.getTypeElement("java.lang." + sibling.getSimpleName()) != null);
  }

  private static boolean hasOwnLayer(TypeElement model) {
    return ElementFilter.methodsIn(model.getEnclosedElements()).stream()
        .anyMatch(QuantAnnotation::isOn);
  }

  private ImmutableList<ExecutableElement> callableConstructors(TypeElement model) {
    return ElementFilter.constructorsIn(model.getEnclosedElements()).stream()
        .filter(
            constructor ->
                isImplicit(constructor) || !constructor.getModifiers().contains(Modifier.PRIVATE))
        .filter(
            constructor ->
                Mentions.of(MoreTypes.asExecutable(constructor.asType()))
                    .hiddenFrom(model)
                    .isEmpty())
        .collect(toImmutableList());
  }

  /** Returns whether it is a default constructor, which is private only if its class is. */
  private boolean isImplicit(ExecutableElement constructor) {
    return elements.getOrigin(constructor) == Elements.Origin.MANDATED;
  }

  private ImmutableList<Signature> readConstructors(
      List<ExecutableElement> constructors, TypeElement model) {
    return constructors.stream()
        .map(
            constructor ->
                SignatureReader.read(
                    constructor,
                    MoreTypes.asExecutable(constructor.asType()),
                    TypeNames.in(model, constructor),
                    lint.ofConstructor(constructor, model),
                    (parameter, type) -> new Role.Plain()))
        .collect(toImmutableList());
  }

  /**
   * Returns the report for the errors of a layer. Each error is reported once, at a place that its
   * author can see.
   */
  private static Report reportOn(
      ExecutableElement layer,
      TypeElement model,
      Predicate<TypeElement> isRead,
      Report modelReport) {
    TypeElement owner = ownerOf(layer);
    if (owner.equals(model)) {
      return modelReport;
    }
    return isRead.test(owner) ? modelReport.silent() : modelReport.inherited(layer, model);
  }

  private static TypeElement ownerOf(ExecutableElement layer) {
    return MoreElements.asType(layer.getEnclosingElement());
  }

  private static void reportOverloads(
      List<ExecutableElement> layers,
      TypeElement model,
      Predicate<TypeElement> isRead,
      Report report) {
    Map<String, ExecutableElement> layersByName = new HashMap<>();
    for (ExecutableElement layer : layers) {
      String name = layer.getSimpleName().toString();
      ExecutableElement first = layersByName.putIfAbsent(name, layer);
      if (first == null) {
        continue;
      }
      TypeElement owner = ownerOf(layer);
      boolean isOwn = owner.equals(model);
      boolean isOfOneClass = owner.equals(first.getEnclosingElement());
      Report layerReport = isOfOneClass ? reportOn(layer, model, isRead, report) : report;
      layerReport.error(
          isOwn ? layer : model,
          "[QuantLayer] a layer must have a name of its own, but %s has two layers named %s"
              .formatted(model.getSimpleName(), name));
    }
  }

  private static ImmutableSet<Modifier> modifiers(TypeElement model, Hierarchy hierarchy) {
    ImmutableSet.Builder<Modifier> modifiers = ImmutableSet.builder();
    if (Visibility.effectiveVisibilityOfElement(model) == Visibility.PUBLIC) {
      modifiers.add(Modifier.PUBLIC);
    }
    boolean isAbstract =
        model.getModifiers().contains(Modifier.ABSTRACT) && hierarchy.leavesAbstractMethods();
    modifiers.add(isAbstract ? Modifier.ABSTRACT : Modifier.FINAL);
    if (isAbstract && model.getModifiers().contains(Modifier.SEALED)) {
      modifiers.add(Modifier.NON_SEALED);
    }
    return modifiers.build();
  }
}
