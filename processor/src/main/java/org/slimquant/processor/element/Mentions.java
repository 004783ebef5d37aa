package org.slimquant.processor.element;

import com.google.auto.common.MoreElements;
import com.google.auto.common.MoreTypes;
import com.google.auto.common.Visibility;
import com.google.common.collect.ImmutableSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.IntersectionType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import javax.lang.model.type.WildcardType;
import javax.lang.model.util.SimpleAnnotationValueVisitor14;
import javax.lang.model.util.SimpleTypeVisitor14;
import org.jspecify.annotations.Nullable;

/**
 * The classes that the declaration of a method or of a type variable, or an annotation, mentions.
 */
public final class Mentions {

  private final Set<TypeElement> classes = new LinkedHashSet<>();
  private boolean rawType;

  private Mentions() {}

  public static Mentions of(Iterable<? extends TypeMirror> types) {
    Mentions mentions = new Mentions();
    types.forEach(mentions::add);
    return mentions;
  }

  public static Mentions of(ExecutableType method) {
    Mentions mentions = of(method.getParameterTypes());
    mentions.add(method.getReturnType());
    method.getThrownTypes().forEach(mentions::add);
    method.getTypeVariables().forEach(variable -> mentions.add(variable.getUpperBound()));
    return mentions;
  }

  public static Mentions of(AnnotationMirror annotation) {
    Mentions mentions = new Mentions();
    mentions.add(annotation);
    return mentions;
  }

  public boolean hasRawType() {
    return rawType;
  }

  public ImmutableSet<TypeElement> classes() {
    return ImmutableSet.copyOf(classes);
  }

  /** Returns a class that a subclass of {@code user}, in its package, cannot name. */
  public Optional<TypeElement> hiddenFrom(TypeElement user) {
    return classes.stream().filter(type -> !isVisible(type, user)).findFirst();
  }

  private static boolean isVisible(TypeElement type, TypeElement user) {
    return Stream.<Element>iterate(type, MoreElements::isType, Element::getEnclosingElement)
        .allMatch(
            element ->
                switch (Visibility.ofElement(element)) {
                  case PUBLIC -> true;
                  case PROTECTED -> isOfOnePackage(element, user) || isMember(element, user);
                  case DEFAULT -> isOfOnePackage(element, user);
                  case PRIVATE -> false;
                });
  }

  private static boolean isOfOnePackage(Element type, TypeElement user) {
    return MoreElements.getPackage(type).equals(MoreElements.getPackage(user));
  }

  /** Returns whether {@code user} has or inherits the nested class {@code type}. */
  private static boolean isMember(Element type, TypeElement user) {
    return Stream.iterate(
            user.asType(),
            superclass -> superclass.getKind() == TypeKind.DECLARED,
            superclass -> MoreTypes.asTypeElement(superclass).getSuperclass())
        .anyMatch(superclass -> MoreTypes.asElement(superclass).equals(type.getEnclosingElement()));
  }

  private void add(TypeMirror type) {
    type.accept(COLLECTOR, this);
  }

  private void add(AnnotationMirror annotation) {
    add(annotation.getAnnotationType());
    annotation.getElementValues().values().forEach(value -> value.accept(VALUE_COLLECTOR, this));
  }

  private static final SimpleAnnotationValueVisitor14<@Nullable Void, Mentions> VALUE_COLLECTOR =
      new SimpleAnnotationValueVisitor14<>() {

        @Override
        public @Nullable Void visitType(TypeMirror type, Mentions mentions) {
          mentions.add(type);
          return null;
        }

        @Override
        public @Nullable Void visitEnumConstant(VariableElement constant, Mentions mentions) {
          mentions.add(constant.asType());
          return null;
        }

        @Override
        public @Nullable Void visitAnnotation(AnnotationMirror annotation, Mentions mentions) {
          mentions.add(annotation);
          return null;
        }

        @Override
        public @Nullable Void visitArray(
            List<? extends AnnotationValue> values, Mentions mentions) {
          values.forEach(value -> value.accept(this, mentions));
          return null;
        }
      };

  private static final SimpleTypeVisitor14<@Nullable Void, Mentions> COLLECTOR =
      new SimpleTypeVisitor14<>() {

        @Override
        public @Nullable Void visitDeclared(DeclaredType type, Mentions mentions) {
          TypeElement element = MoreTypes.asTypeElement(type);
          mentions.classes.add(element);
          mentions.rawType |=
              type.getTypeArguments().isEmpty() && !element.getTypeParameters().isEmpty();
          type.getTypeArguments().forEach(mentions::add);
          mentions.add(type.getEnclosingType()); // Outer<String> of Outer<String>.Inner
          return null;
        }

        @Override
        public @Nullable Void visitArray(ArrayType type, Mentions mentions) {
          mentions.add(type.getComponentType());
          return null;
        }

        @Override
        public @Nullable Void visitWildcard(WildcardType type, Mentions mentions) {
          if (type.getExtendsBound() != null) {
            mentions.add(type.getExtendsBound());
          }
          if (type.getSuperBound() != null) {
            mentions.add(type.getSuperBound());
          }
          return null;
        }

        @Override
        public @Nullable Void visitIntersection(IntersectionType type, Mentions mentions) {
          type.getBounds().forEach(mentions::add);
          return null;
        }

        @Override
        public @Nullable Void visitTypeVariable(TypeVariable type, Mentions mentions) {
          return null; // its bounds are mentioned where it is declared
        }
      };
}
