package org.slimquant.processor.element;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.auto.common.MoreElements;
import com.google.auto.common.MoreTypes;
import com.google.common.collect.ImmutableList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.WildcardType;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import org.slimquant.processor.model.LayerResult;
import org.slimquant.processor.model.Parameter;

/** TensorFlow's types, known by name: the processor works without TensorFlow on its class path. */
public final class TensorTypes {

  private static final String OPERAND = "org.tensorflow.Operand";
  private static final String FLOAT32 = "org.tensorflow.types.TFloat32";

  private static final ImmutableList<String> GROUPS =
      ImmutableList.of(
          List.class.getCanonicalName(),
          Collection.class.getCanonicalName(),
          Iterable.class.getCanonicalName());

  private final Types types;

  /** {@code Operand<?>}; empty in a compilation without TensorFlow, where nothing is an operand. */
  private final Optional<DeclaredType> operand;

  /** {@code Iterable<? extends Operand<?>>}. */
  private final Optional<DeclaredType> operands;

  public TensorTypes(Elements elements, Types types) {
    this.types = types;
    this.operand =
        Optional.ofNullable(elements.getTypeElement(OPERAND))
            .map(element -> types.getDeclaredType(element, types.getWildcardType(null, null)));
    TypeElement iterable = elements.getTypeElement(Iterable.class.getCanonicalName());
    this.operands =
        operand.map(type -> types.getDeclaredType(iterable, types.getWildcardType(type, null)));
  }

  /** Returns whether {@code type} is {@code Operand<TFloat32>} itself, annotations aside. */
  public boolean isFloatOperand(TypeMirror type) {
    if (!isDeclared(type, OPERAND)) {
      return false;
    }
    List<? extends TypeMirror> arguments = MoreTypes.asDeclared(type).getTypeArguments();
    return arguments.size() == 1 && isDeclared(arguments.get(0), FLOAT32);
  }

  /** Returns the form of a layer's outputs, if layers may return a type. */
  public Optional<LayerResult> resultOf(TypeMirror type) {
    if (isFloatOperand(type)) {
      return Optional.of(new LayerResult.One());
    }
    if (isFloatArray(type)) {
      return Optional.of(new LayerResult.Array());
    }
    if (isDeclared(type, List.class.getCanonicalName())) {
      List<? extends TypeMirror> arguments = MoreTypes.asDeclared(type).getTypeArguments();
      return arguments.size() == 1 && isFloatOperand(arguments.get(0))
          ? Optional.of(new LayerResult.Listed())
          : Optional.empty();
    }
    return type.getKind() == TypeKind.DECLARED
        ? componentsOf(MoreTypes.asDeclared(type)).map(LayerResult.Components::new)
        : Optional.empty();
  }

  /** Returns the names of a record's components, if all are operands. */
  private Optional<ImmutableList<String>> componentsOf(DeclaredType type) {
    List<? extends RecordComponentElement> components =
        MoreElements.asType(type.asElement()).getRecordComponents();
    boolean areOperands =
        components.stream()
            .map(component -> types.asMemberOf(type, component.getAccessor()))
            .map(accessor -> MoreTypes.asExecutable(accessor).getReturnType())
            .allMatch(this::isFloatOperand);
    return components.isEmpty() || !areOperands
        ? Optional.empty()
        : Optional.of(
            components.stream()
                .map(component -> component.getSimpleName().toString())
                .collect(toImmutableList()));
  }

  /** Returns whether {@code type} is an array of {@code Operand<TFloat32>}. */
  private boolean isFloatArray(TypeMirror type) {
    return type instanceof ArrayType array && isFloatOperand(array.getComponentType());
  }

  /**
   * Returns whether {@code type} holds several operands: an array of {@code Operand<TFloat32>}, or
   * a {@code List}, {@code Collection} or {@code Iterable}, in whose place a list can be given.
   */
  public boolean isFloatGroup(TypeMirror type) {
    if (isFloatArray(type)) {
      return true;
    }
    return GROUPS.stream().anyMatch(group -> isDeclared(type, group))
        && MoreTypes.asDeclared(type).getTypeArguments().size() == 1
        && isFloatOperand(boundOf(MoreTypes.asDeclared(type).getTypeArguments().get(0)));
  }

  /** Returns the upper bound of a wildcard that has one, and any other type itself. */
  private static TypeMirror boundOf(TypeMirror argument) {
    return argument.getKind() == TypeKind.WILDCARD
            && argument instanceof WildcardType wildcard
            && wildcard.getExtendsBound() != null
        ? wildcard.getExtendsBound()
        : argument;
  }

  /**
   * Returns the way in which an argument of type {@code type} reaches the layer, if it is not
   * quantized.
   */
  public Parameter.Role roleOf(TypeMirror type) {
    if (isOperand(type)) {
      return new Parameter.Role.Operand();
    }
    if ((type instanceof ArrayType array && isOperand(array.getComponentType()))
        || operands.filter(iterable -> types.isSubtype(type, iterable)).isPresent()) {
      return new Parameter.Role.Operands();
    }
    return new Parameter.Role.Plain();
  }

  private boolean isOperand(TypeMirror type) {
    // Erased types are compared, so that a raw Operand counts too.
    return operand.filter(any -> types.isSubtype(type, types.erasure(any))).isPresent();
  }

  private static boolean isDeclared(TypeMirror type, String name) {
    return type.getKind() == TypeKind.DECLARED
        && MoreElements.asType(MoreTypes.asElement(type)).getQualifiedName().contentEquals(name);
  }
}
