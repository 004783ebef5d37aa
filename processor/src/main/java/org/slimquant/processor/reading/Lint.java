package org.slimquant.processor.reading;

import com.google.auto.common.MoreElements;
import com.google.auto.common.MoreTypes;
import com.google.common.collect.ImmutableList;
import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.CodeBlock;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.WildcardType;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import org.slimquant.processor.element.Mentions;

/**
 * The annotations without which generated code would cause warnings that only the model's author
 * can avoid: {@code @Deprecated} from the extended class or overridden method, and
 * {@code @SuppressWarnings} on the smallest declaration.
 */
final class Lint {

  private final Elements elements;
  private final Types types;

  Lint(Elements elements, Types types) {
    this.elements = elements;
    this.types = types;
  }

  ImmutableList<AnnotationSpec> ofClass(TypeElement model) {
    return annotations(model, warningsOfClass(model));
  }

  private Set<String> warningsOfClass(TypeElement model) {
    Mentions bounds =
        Mentions.of(
            model.getTypeParameters().stream()
                .flatMap(variable -> variable.getBounds().stream())
                .toList());
    Set<String> warnings = warnings(bounds, elements.isDeprecated(model));
    addRemoval(model, warnings);
    if (types.isSubtype(model.asType(), typeOf(Serializable.class))) {
      warnings.add("serial");
    }
    if (types.isSubtype(model.asType(), typeOf(AutoCloseable.class)) && closesInterrupted(model)) {
      warnings.add("try");
    }
    return warnings;
  }

  /**
   * Returns whether {@code close()} may throw InterruptedException, of which javac warns at each
   * class.
   */
  private boolean closesInterrupted(TypeElement model) {
    return ElementFilter.methodsIn(elements.getAllMembers(model)).stream()
        .filter(method -> method.getSimpleName().contentEquals("close"))
        .filter(method -> method.getParameters().isEmpty())
        .flatMap(method -> method.getThrownTypes().stream())
        .anyMatch(thrown -> types.isSubtype(typeOf(InterruptedException.class), thrown));
  }

  ImmutableList<AnnotationSpec> ofConstructor(ExecutableElement constructor, TypeElement model) {
    return annotations(
        constructor, warnings(constructor, MoreTypes.asExecutable(constructor.asType()), model));
  }

  /**
   * Returns the annotations of a layer's override.
   *
   * @param view the layer as a member of the model
   * @param isRaw whether the model inherits the layer from a raw type
   */
  ImmutableList<AnnotationSpec> ofLayer(
      ExecutableElement layer, ExecutableType view, boolean isRaw, TypeElement model) {
    Set<String> warnings = warnings(layer, view, model);
    if (isRaw || (layer.isVarArgs() && !isReifiable(lastOf(view.getParameterTypes())))) {
      warnings.add("unchecked");
    }
    return annotations(layer, warnings);
  }

  private Set<String> warnings(ExecutableElement member, ExecutableType view, TypeElement model) {
    Set<String> warnings =
        warnings(Mentions.of(view), elements.isDeprecated(member) || elements.isDeprecated(model));
    addRemoval(member, warnings);
    warnings.removeAll(warningsOfClass(model));
    return warnings;
  }

  private Set<String> warnings(Mentions mentions, boolean isDeprecated) {
    Set<String> warnings = new TreeSet<>();
    if (mentions.hasRawType()) {
      warnings.add("rawtypes");
    }
    for (TypeElement type : mentions.classes()) {
      for (Element e : withEnclosingTypes(type)) {
        addRemoval(e, warnings);
        // A deprecated element may use deprecated elements.
        if (elements.isDeprecated(e) && !isForRemoval(e) && !isDeprecated) {
          warnings.add("deprecation");
        }
      }
    }
    return warnings;
  }

  private static List<Element> withEnclosingTypes(TypeElement type) {
    return Stream.<Element>iterate(type, MoreElements::isType, Element::getEnclosingElement)
        .toList();
  }

  private static void addRemoval(Element element, Collection<String> warnings) {
    if (isForRemoval(element)) {
      warnings.add("removal");
    }
  }

  private static boolean isForRemoval(Element element) {
    Deprecated deprecated = element.getAnnotation(Deprecated.class);
    return deprecated != null && deprecated.forRemoval();
  }

  private static ImmutableList<AnnotationSpec> annotations(Element element, Set<String> warnings) {
    ImmutableList.Builder<AnnotationSpec> annotations = ImmutableList.builder();
    MoreElements.getAnnotationMirror(element, Deprecated.class)
        .toJavaUtil()
        .map(AnnotationSpec::get)
        .ifPresent(annotations::add);
    if (!warnings.isEmpty()) {
      CodeBlock names =
          warnings.stream()
              .map(warning -> CodeBlock.of("$S", warning))
              .collect(CodeBlock.joining(", "));
      annotations.add(
          AnnotationSpec.builder(SuppressWarnings.class)
              .addMember("value", warnings.size() == 1 ? "$L" : "{$L}", names)
              .build());
    }
    return annotations.build();
  }

  private boolean isReifiable(TypeMirror type) {
    return switch (type.getKind()) {
      case ARRAY -> isReifiable(((ArrayType) type).getComponentType());
      case TYPEVAR -> false;
      case DECLARED ->
          MoreTypes.asDeclared(type).getTypeArguments().stream().allMatch(Lint::isAnything);
      default -> true;
    };
  }

  private static boolean isAnything(TypeMirror argument) {
    return argument.getKind() == TypeKind.WILDCARD
        && argument instanceof WildcardType wildcard
        && wildcard.getExtendsBound() == null
        && wildcard.getSuperBound() == null;
  }

  private TypeMirror typeOf(Class<?> type) {
    return elements.getTypeElement(type.getCanonicalName()).asType();
  }

  private static TypeMirror lastOf(List<? extends TypeMirror> types) {
    return types.get(types.size() - 1);
  }
}
