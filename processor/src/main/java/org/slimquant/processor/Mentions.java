package org.slimquant.processor;

import com.google.auto.common.MoreElements;
import com.google.auto.common.MoreTypes;
import com.google.auto.common.Visibility;
import com.google.common.collect.ImmutableSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.IntersectionType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import javax.lang.model.type.WildcardType;
import javax.lang.model.util.SimpleTypeVisitor14;
import org.jspecify.annotations.Nullable;

/** The classes that the declaration of a method or of a type variable mentions. */
final class Mentions {

  private final Set<TypeElement> classes = new LinkedHashSet<>();
  private boolean rawType;

  private Mentions() {}

  static Mentions of(Iterable<? extends TypeMirror> types) {
    Mentions mentions = new Mentions();
    types.forEach(mentions::add);
    return mentions;
  }

  static Mentions of(ExecutableType method) {
    Mentions mentions = of(method.getParameterTypes());
    mentions.add(method.getReturnType());
    method.getThrownTypes().forEach(mentions::add);
    method.getTypeVariables().forEach(variable -> mentions.add(variable.getUpperBound()));
    return mentions;
  }

  boolean hasRawType() {
    return rawType;
  }

  ImmutableSet<TypeElement> classes() {
    return ImmutableSet.copyOf(classes);
  }

  /** Returns a class that a subclass in {@code home} of its user cannot name. */
  Optional<TypeElement> hiddenFrom(PackageElement home) {
    return classes.stream().filter(type -> !isVisible(type, home)).findFirst();
  }

  private static boolean isVisible(TypeElement type, PackageElement home) {
    return switch (Visibility.effectiveVisibilityOfElement(type)) {
      case PUBLIC, PROTECTED -> true; // what is protected comes from a superclass
      case DEFAULT -> MoreElements.getPackage(type).equals(home);
      case PRIVATE -> false;
    };
  }

  private void add(TypeMirror type) {
    type.accept(COLLECTOR, this);
  }

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
