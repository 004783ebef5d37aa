package org.slimquant.processor.reading;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.NameAllocator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeMirror;
import org.slimquant.processor.model.Parameter;
import org.slimquant.processor.model.Signature;

/**
 * Reads the signature that the override of a method, or the constructor that calls another, has to
 * repeat.
 */
final class SignatureReader {

  private SignatureReader() {}

  /**
   * Returns the signature of {@code method}.
   *
   * @param view the method as a member of the model, which may give its type variables arguments
   * @param typeNames the names of types in the method
   * @param role the role of a parameter of the given type
   */
  static Signature read(
      ExecutableElement method,
      ExecutableType view,
      TypeNames typeNames,
      ImmutableList<AnnotationSpec> annotations,
      BiFunction<VariableElement, TypeMirror, Parameter.Role> role) {
    List<? extends VariableElement> parameters = method.getParameters();
    List<? extends TypeMirror> types = view.getParameterTypes();
    // A class file of another language may have a parameter called native.
    NameAllocator names = new NameAllocator();
    return new Signature(
        annotations,
        Signature.accessOf(method.getModifiers()),
        view.getTypeVariables().stream().map(typeNames::declarationOf).collect(toImmutableList()),
        IntStream.range(0, parameters.size())
            .mapToObj(
                i ->
                    new Parameter(
                        typeNames.of(types.get(i)),
                        names.newName(parameters.get(i).getSimpleName().toString()),
                        role.apply(parameters.get(i), types.get(i))))
            .collect(toImmutableList()),
        method.isVarArgs(),
        typeNames.of(view.getThrownTypes()));
  }
}
