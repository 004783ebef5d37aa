package org.slimquant.processor;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeVariableName;
import com.palantir.javapoet.WildcardTypeName;
import java.util.List;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.IntersectionType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import javax.lang.model.type.WildcardType;
import javax.lang.model.util.SimpleTypeVisitor14;
import org.jspecify.annotations.Nullable;

/**
 * Turns types into JavaPoet's, with the type annotations that {@link TypeName#get(TypeMirror)}
 * drops: a {@code @Nullable} on a parameter has to stand on the override's parameter too.
 */
final class TypeNames {

  private TypeNames() {}

  static TypeName of(TypeMirror type) {
    return type.accept(CONVERTER, null);
  }

  static ImmutableList<TypeName> of(List<? extends TypeMirror> types) {
    return types.stream().map(TypeNames::of).collect(toImmutableList());
  }

  /** Returns the declaration of a type variable, which unlike its uses has bounds. */
  static TypeVariableName declarationOf(TypeVariable variable) {
    TypeMirror bound = variable.getUpperBound();
    List<? extends TypeMirror> bounds =
        bound instanceof IntersectionType intersection ? intersection.getBounds() : List.of(bound);
    return TypeVariableName.get(
        variable.asElement().getSimpleName().toString(), of(bounds).toArray(TypeName[]::new));
  }

  private static final SimpleTypeVisitor14<TypeName, @Nullable Void> CONVERTER =
      new SimpleTypeVisitor14<>() {

        @Override
        public TypeName visitDeclared(DeclaredType type, @Nullable Void unused) {
          TypeElement element = (TypeElement) type.asElement();
          // The annotations go to the class name: in Map.@Nullable Entry<K, V> they follow the dot.
          ClassName rawType = ClassName.get(element).annotated(annotations(type));
          ImmutableList<TypeName> arguments = of(type.getTypeArguments());
          if (type.getEnclosingType().getKind() != TypeKind.NONE
              && of(type.getEnclosingType()) instanceof ParameterizedTypeName enclosing) {
            return enclosing
                .nestedClass(rawType.simpleName(), arguments)
                .annotated(annotations(type));
          }
          return arguments.isEmpty()
              ? rawType
              : ParameterizedTypeName.get(rawType, arguments.toArray(TypeName[]::new));
        }

        @Override
        public TypeName visitTypeVariable(TypeVariable type, @Nullable Void unused) {
          // Without bounds, which refer to the variable again in <T extends Comparable<T>>.
          return TypeVariableName.get(type.asElement().getSimpleName().toString())
              .annotated(annotations(type));
        }

        @Override
        public TypeName visitArray(ArrayType type, @Nullable Void unused) {
          return ArrayTypeName.of(of(type.getComponentType())).annotated(annotations(type));
        }

        @Override
        public TypeName visitWildcard(WildcardType type, @Nullable Void unused) {
          WildcardTypeName wildcard;
          if (type.getExtendsBound() != null) {
            wildcard = WildcardTypeName.subtypeOf(of(type.getExtendsBound()));
          } else if (type.getSuperBound() != null) {
            wildcard = WildcardTypeName.supertypeOf(of(type.getSuperBound()));
          } else {
            wildcard = WildcardTypeName.subtypeOf(ClassName.OBJECT);
          }
          return wildcard.annotated(annotations(type));
        }

        @Override
        protected TypeName defaultAction(TypeMirror type, @Nullable Void unused) {
          return TypeName.get(type).annotated(annotations(type));
        }
      };

  private static List<AnnotationSpec> annotations(TypeMirror type) {
    return type.getAnnotationMirrors().stream().map(AnnotationSpec::get).toList();
  }
}
