package org.slimquant.processor.reading;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static com.google.common.collect.ImmutableSet.toImmutableSet;

import com.google.auto.common.MoreTypes;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.NameAllocator;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeVariableName;
import com.palantir.javapoet.WildcardTypeName;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.IntersectionType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import javax.lang.model.type.WildcardType;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.SimpleTypeVisitor14;
import org.slimquant.processor.element.Mentions;

/**
 * Turns types into JavaPoet's, with the type annotations that {@link TypeName#get(TypeMirror)}
 * drops: a {@code @Nullable} on a parameter must be on the override's parameter, too. An annotation
 * that the generated class cannot name is dropped.
 *
 * <p>A class whose simple name would mean a nested class that the generated class inherits gets its
 * qualified name. JavaPoet does so for classes that it would import, but not for {@code Map.Entry}
 * or for classes in the model's own package.
 */
final class TypeNames {

  private final TypeElement model;

  /** The names of type variables that cannot keep theirs. */
  private final ImmutableMap<Element, String> renamed;

  /** The names of the classes that are nested in the model and its supertypes. */
  private final ImmutableSet<String> nested;

  private TypeNames(TypeElement model, ImmutableMap<Element, String> renamed) {
    this.model = model;
    this.renamed = renamed;
    this.nested = nestedIn(model).collect(toImmutableSet());
  }

  private static Stream<String> nestedIn(TypeElement type) {
    Stream<TypeMirror> supertypes =
        Stream.concat(Stream.of(type.getSuperclass()), type.getInterfaces().stream());
    return Stream.concat(
        ElementFilter.typesIn(type.getEnclosedElements()).stream().map(TypeNames::nameOf),
        supertypes
            .filter(supertype -> supertype.getKind() == TypeKind.DECLARED)
            .flatMap(supertype -> nestedIn(MoreTypes.asTypeElement(supertype))));
  }

  /** Returns the names of types in the declaration of {@code model}. */
  static TypeNames in(TypeElement model) {
    return new TypeNames(model, ImmutableMap.of());
  }

  /**
   * Returns the names of types in {@code member} as a member of {@code model}. A type variable of
   * an inherited method gets another name if the model has a type variable of that name, to which
   * the signature may refer.
   */
  static TypeNames in(TypeElement model, ExecutableElement member) {
    if (model.equals(member.getEnclosingElement())) {
      return in(model);
    }
    NameAllocator names = new NameAllocator();
    model.getTypeParameters().forEach(parameter -> names.newName(nameOf(parameter)));
    return new TypeNames(
        model,
        member.getTypeParameters().stream()
            .collect(
                toImmutableMap(
                    parameter -> parameter, parameter -> names.newName(nameOf(parameter)))));
  }

  private static String nameOf(Element element) {
    return element.getSimpleName().toString();
  }

  TypeName of(TypeMirror type) {
    return type.accept(CONVERTER, this);
  }

  ImmutableList<TypeName> of(List<? extends TypeMirror> types) {
    return types.stream().map(this::of).collect(toImmutableList());
  }

  /** Returns the declaration of a type variable, which unlike its uses has bounds. */
  TypeVariableName declarationOf(TypeVariable variable) {
    TypeMirror bound = variable.getUpperBound();
    List<? extends TypeMirror> bounds =
        bound instanceof IntersectionType intersection ? intersection.getBounds() : List.of(bound);
    return TypeVariableName.get(nameOf(variable), of(bounds).toArray(TypeName[]::new));
  }

  private String nameOf(TypeVariable variable) {
    return renamed.getOrDefault(variable.asElement(), nameOf(variable.asElement()));
  }

  private static final SimpleTypeVisitor14<TypeName, TypeNames> CONVERTER =
      new SimpleTypeVisitor14<>() {

        @Override
        public TypeName visitDeclared(DeclaredType type, TypeNames names) {
          TypeElement element = (TypeElement) type.asElement();
          // The annotations go to the class name: in Map.@Nullable Entry<K, V> they follow the dot.
          ClassName rawType = names.of(element).annotated(names.annotations(type));
          ImmutableList<TypeName> arguments = names.of(type.getTypeArguments());
          if (type.getEnclosingType().getKind() != TypeKind.NONE
              && names.of(type.getEnclosingType()) instanceof ParameterizedTypeName enclosing) {
            return enclosing
                .nestedClass(nameOf(element), arguments)
                .annotated(names.annotations(type));
          }
          return arguments.isEmpty()
              ? rawType
              : ParameterizedTypeName.get(rawType, arguments.toArray(TypeName[]::new));
        }

        @Override
        public TypeName visitTypeVariable(TypeVariable type, TypeNames names) {
          // The name has no bounds, which refer to the variable again in <T extends Comparable<T>>.
          return TypeVariableName.get(names.nameOf(type)).annotated(names.annotations(type));
        }

        @Override
        public TypeName visitArray(ArrayType type, TypeNames names) {
          return ArrayTypeName.of(names.of(type.getComponentType()))
              .annotated(names.annotations(type));
        }

        @Override
        public TypeName visitWildcard(WildcardType type, TypeNames names) {
          WildcardTypeName wildcard;
          if (type.getExtendsBound() != null) {
            wildcard = WildcardTypeName.subtypeOf(names.of(type.getExtendsBound()));
          } else if (type.getSuperBound() != null) {
            wildcard = WildcardTypeName.supertypeOf(names.of(type.getSuperBound()));
          } else {
            wildcard = WildcardTypeName.subtypeOf(ClassName.OBJECT);
          }
          return wildcard.annotated(names.annotations(type));
        }

        @Override
        protected TypeName defaultAction(TypeMirror type, TypeNames names) {
          return TypeName.get(type).annotated(names.annotations(type));
        }
      };

  private ClassName of(TypeElement type) {
    ClassName name = ClassName.get(type);
    return nested.contains(name.topLevelClassName().simpleName())
        // JavaPoet does not shorten a name without a package.
        ? ClassName.get("", name.canonicalName())
        : name;
  }

  private List<AnnotationSpec> annotations(TypeMirror type) {
    return type.getAnnotationMirrors().stream()
        .filter(annotation -> Mentions.of(annotation).hiddenFrom(model).isEmpty())
        .map(AnnotationSpec::get)
        .toList();
  }
}
