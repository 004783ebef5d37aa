package org.slimquant.processor.element;

import com.google.auto.common.MoreElements;
import com.google.auto.common.MoreTypes;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import org.slimquant.processor.model.Parameter;

/** TensorFlow's types, known by name: the processor works without TensorFlow on its class path. */
public final class TensorTypes {

  private static final String OPERAND = "org.tensorflow.Operand";
  private static final String FLOAT32 = "org.tensorflow.types.TFloat32";

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
