package org.slimquant.processor;

import com.google.auto.common.BasicAnnotationProcessor.Step;
import com.google.auto.common.GeneratedAnnotations;
import com.google.auto.common.MoreElements;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSetMultimap;
import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import javax.annotation.processing.Filer;
import javax.annotation.processing.FilerException;
import javax.annotation.processing.Messager;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.util.Elements;
import org.slimquant.processor.element.Hierarchy;
import org.slimquant.processor.element.Lombok;
import org.slimquant.processor.element.QuantAnnotation;
import org.slimquant.processor.element.Report;
import org.slimquant.processor.model.QuantizedModel;
import org.slimquant.processor.reading.AnnotatedModelReader;
import org.slimquant.processor.writing.QuantizedClassWriter;

/** Reads, checks and writes each class that has {@code @QuantInt8} annotations. */
final class ModelStep implements Step {

  private final Elements elements;
  private final Messager messager;
  private final Filer filer;
  private final Lombok lombok;
  private final AnnotatedModelReader reader;
  private final Optional<AnnotationSpec> generated;

  /** The classes with annotations so far, by name, because elements do not outlive a round. */
  private final Set<String> modelsSeen = new HashSet<>();

  ModelStep(ProcessingEnvironment environment, Lombok lombok) {
    this.lombok = lombok;
    this.elements = environment.getElementUtils();
    this.messager = environment.getMessager();
    this.filer = environment.getFiler();
    this.reader = new AnnotatedModelReader(environment);
    this.generated =
        GeneratedAnnotations.generatedAnnotation(elements, environment.getSourceVersion())
            .map(ModelStep::generatedByProcessor);
  }

  private static AnnotationSpec generatedByProcessor(TypeElement annotation) {
    return AnnotationSpec.builder(ClassName.get(annotation))
        .addMember("value", "$S", QuantInt8Processor.class.getCanonicalName())
        .build();
  }

  @Override
  public Set<String> annotations() {
    return ImmutableSet.of(QuantAnnotation.NAME);
  }

  @Override
  public ImmutableSet<? extends Element> process(
      ImmutableSetMultimap<String, Element> elementsByAnnotation) {
    ImmutableSetMultimap<TypeElement, Element> elementsByModel =
        elementsByAnnotation.values().stream()
            .collect(
                ImmutableSetMultimap.toImmutableSetMultimap(
                    ModelStep::modelOf, element -> element));
    elementsByModel.keySet().forEach(model -> modelsSeen.add(nameOf(model)));
    ImmutableSet.Builder<Element> deferred = ImmutableSet.builder();
    elementsByModel
        .asMap()
        .forEach(
            (model, annotated) -> {
              if (lombok.isYetToChange(model)) {
                deferred.addAll(annotated);
              } else {
                Hierarchy.of(model, elements)
                    .ifPresentOrElse(
                        hierarchy -> process(model, hierarchy), () -> deferred.addAll(annotated));
              }
            });
    return deferred.build();
  }

  private void process(TypeElement model, Hierarchy hierarchy) {
    reader.read(model, hierarchy, type -> modelsSeen.contains(nameOf(type))).ifPresent(this::write);
  }

  private void write(QuantizedModel model) {
    try {
      QuantizedClassWriter.write(model, generated).writeTo(filer);
    } catch (FilerException e) {
      Report.to(messager)
          .error(
              model.element(),
              "[QuantModel] the name %s must be free, but there is such a class already"
                  .formatted(model.name().simpleName()));
    } catch (IOException e) {
      Report.to(messager)
          .error(
              model.element(),
              "[QuantModel] %s must be written, but %s"
                  .formatted(model.name().simpleName(), e.getMessage()));
    }
  }

  private static TypeElement modelOf(Element annotated) {
    if (annotated instanceof TypeElement model) {
      return model;
    }
    return annotated instanceof VariableElement parameter
        ? modelOf(MoreElements.asExecutable(parameter.getEnclosingElement()))
        : MoreElements.asType(annotated.getEnclosingElement());
  }

  private static String nameOf(TypeElement type) {
    return type.getQualifiedName().toString();
  }
}
