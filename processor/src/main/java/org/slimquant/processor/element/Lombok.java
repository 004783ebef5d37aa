package org.slimquant.processor.element;

import com.google.auto.common.MoreElements;
import com.google.auto.common.MoreTypes;
import com.google.common.collect.ImmutableSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.annotation.processing.Messager;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.util.Elements;

/**
 * Lets a model wait until Lombok has changed it.
 *
 * <pre>{@code
 * round  processors      what they see of "@Value class Model"
 * 1      before Lombok   class Model, without a constructor of its own
 * 1      after Lombok    class Model, with Lombok's constructor
 * 2      all             final class Model, with Lombok's constructor
 * }</pre>
 *
 * <p>Lombok writes its constructors and modifiers into javac's trees. javac reads these again in
 * each round, and Lombok asks for another one itself. So a model with annotations of Lombok waits
 * for the second round, and the order of the processors does not matter. The annotations stay
 * visible, so they cannot tell whether Lombok has run. Eclipse's compiler needs no waiting: there
 * Lombok changes a class before any processor sees it.
 */
public final class Lombok {

  private static final String PACKAGE = "lombok";

  /** The annotations that Lombok leaves in class files, or that change no declaration. */
  private static final ImmutableSet<String> HARMLESS =
      ImmutableSet.of(PACKAGE + ".NonNull", PACKAGE + ".Generated");

  private static final ImmutableSet<String> STATIC_NAMES =
      ImmutableSet.of("staticName", "staticConstructor");

  private final Elements elements;
  private final Messager messager;
  private final boolean isJavac;

  /** The models that waited or wait, by name, because elements do not outlive a round. */
  private final Set<String> seen = new HashSet<>();

  private final Set<String> waiting = new LinkedHashSet<>();

  public Lombok(ProcessingEnvironment environment) {
    this.elements = environment.getElementUtils();
    this.messager = environment.getMessager();
    this.isJavac = elements.getClass().getName().startsWith("com.sun.tools.javac.");
  }

  /** Returns whether an element has an annotation of Lombok. */
  public static boolean isOn(Element element, String annotation) {
    return MoreElements.isAnnotationPresent(element, PACKAGE + "." + annotation);
  }

  /**
   * Returns whether Lombok makes the constructors private and adds a static method that calls them.
   */
  public static boolean namesConstructor(TypeElement model) {
    return model.getAnnotationMirrors().stream()
        .filter(
            annotation ->
                changesDeclarations(MoreTypes.asTypeElement(annotation.getAnnotationType())))
        .flatMap(annotation -> annotation.getElementValues().keySet().stream())
        .anyMatch(value -> STATIC_NAMES.contains(value.getSimpleName().toString()));
  }

  /** Returns whether a model must be read in the next round only. */
  public boolean isYetToChange(TypeElement model) {
    String name = model.getQualifiedName().toString();
    if (isJavac && annotationOf(model).isPresent() && seen.add(name)) {
      waiting.add(name);
      return true;
    }
    waiting.remove(name);
    return false;
  }

  /**
   * Reports the models that wait when there is no further round: Lombok, which would have asked for
   * one, did not run.
   *
   * @return whether there are any
   */
  public boolean reportWaiting() {
    for (String name : waiting) {
      TypeElement model = elements.getTypeElement(name);
      Report.to(messager)
          .error(
              model,
              "[QuantModel] Lombok must run where a model has its annotations, but %s of %s is left as it is; put lombok on the processor path, beside slimquant-processor"
                  .formatted(annotationOf(model).orElse(PACKAGE), model.getSimpleName()));
    }
    return !waiting.isEmpty();
  }

  /**
   * Returns an annotation of Lombok on which the declaration of a model depends, if there is one.
   */
  private static Optional<String> annotationOf(TypeElement model) {
    return Stream.concat(enclosingTypes(model), typesOf(model).flatMap(Lombok::withMembers))
        .flatMap(element -> element.getAnnotationMirrors().stream())
        .map(annotation -> MoreTypes.asTypeElement(annotation.getAnnotationType()))
        .filter(Lombok::changesDeclarations)
        .map(annotation -> "@" + annotation.getSimpleName())
        .findFirst();
  }

  private static Stream<Element> enclosingTypes(TypeElement model) {
    return Stream.iterate(
        model.getEnclosingElement(), MoreElements::isType, Element::getEnclosingElement);
  }

  /** Returns a class and its supertypes. */
  private static Stream<TypeElement> typesOf(TypeElement type) {
    return Stream.concat(
        Stream.of(type),
        Stream.concat(Stream.of(type.getSuperclass()), type.getInterfaces().stream())
            .filter(supertype -> supertype.getKind() == TypeKind.DECLARED)
            .flatMap(supertype -> typesOf(MoreTypes.asTypeElement(supertype))));
  }

  private static Stream<Element> withMembers(TypeElement type) {
    return Stream.concat(
        Stream.of(type),
        type.getEnclosedElements().stream().filter(member -> !MoreElements.isType(member)));
  }

  private static boolean changesDeclarations(TypeElement annotation) {
    String home = MoreElements.getPackage(annotation).getQualifiedName().toString();
    return (home.equals(PACKAGE) || home.startsWith(PACKAGE + "."))
        && !HARMLESS.contains(annotation.getQualifiedName().toString());
  }
}
