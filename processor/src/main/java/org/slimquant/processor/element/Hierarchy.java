package org.slimquant.processor.element;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.auto.common.MoreElements;
import com.google.auto.common.MoreTypes;
import com.google.auto.common.SuperficialValidation;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Multimaps;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/**
 * The methods of a model and its supertypes.
 *
 * <p>{@link Elements#getAllMembers} returns them too, but in no defined order. Here a supertype
 * comes before its subtypes, the superclass before the interfaces, and within a type the order is
 * the source's.
 */
public final class Hierarchy {

  private final TypeElement model;
  private final Elements elements;
  private final ImmutableList<ExecutableElement> methods;
  private final ImmutableListMultimap<String, ExecutableElement> methodsByName;

  private Hierarchy(TypeElement model, Set<TypeElement> types, Elements elements) {
    this.model = model;
    this.elements = elements;
    this.methods =
        types.stream()
            .flatMap(type -> ElementFilter.methodsIn(type.getEnclosedElements()).stream())
            .collect(toImmutableList());
    this.methodsByName = Multimaps.index(methods, method -> method.getSimpleName().toString());
  }

  /** Returns the hierarchy of {@code model}, or nothing while a part of it is still generated. */
  public static Optional<Hierarchy> of(TypeElement model, Elements elements) {
    Set<TypeElement> types = new LinkedHashSet<>();
    if (!addSupertypes(model, types)) {
      return Optional.empty();
    }
    // An interface has the methods of Object without being a subtype.
    types.add(elements.getTypeElement(Object.class.getCanonicalName()));
    Hierarchy hierarchy = new Hierarchy(model, types, elements);
    return hierarchy.layers().allMatch(SuperficialValidation::validateElement)
        ? Optional.of(hierarchy)
        : Optional.empty();
  }

  private static boolean addSupertypes(TypeElement type, Set<TypeElement> types) {
    Stream<TypeMirror> supertypes =
        Stream.concat(Stream.of(type.getSuperclass()), type.getInterfaces().stream());
    boolean complete =
        supertypes
            .filter(supertype -> supertype.getKind() != TypeKind.NONE)
            .allMatch(
                supertype ->
                    supertype.getKind() == TypeKind.DECLARED
                        && addSupertypes(MoreTypes.asTypeElement(supertype), types));
    types.add(type);
    return complete;
  }

  /** Returns the annotated methods that no method of the model overrides. */
  public Stream<ExecutableElement> layers() {
    return methods.stream().filter(QuantAnnotation::isOn).filter(method -> !isOverridden(method));
  }

  /** Returns whether the model leaves a method abstract. */
  public boolean leavesAbstractMethods() {
    return methods.stream()
        .filter(method -> method.getModifiers().contains(Modifier.ABSTRACT))
        .anyMatch(method -> !isOverridden(method));
  }

  private boolean isOverridden(ExecutableElement method) {
    return methodsByName.get(method.getSimpleName().toString()).stream()
        .anyMatch(other -> !other.equals(method) && overrides(other, method));
  }

  // A class inherits implementations of abstract methods, so according to Elements a superclass's
  // method overrides the abstract method that takes its place.
  private boolean overrides(ExecutableElement method, ExecutableElement overridden) {
    return elements.overrides(method, overridden, model) && !isOfSuperclass(method, overridden);
  }

  /**
   * Returns whether {@code method} belongs to a superclass of the class that {@code other} belongs
   * to.
   */
  private boolean isOfSuperclass(ExecutableElement method, ExecutableElement other) {
    return isOfClass(method)
        && isOfClass(other)
        && methods.indexOf(method) < methods.indexOf(other);
  }

  private static boolean isOfClass(ExecutableElement method) {
    return MoreElements.asType(method.getEnclosingElement()).getKind().isClass();
  }
}
