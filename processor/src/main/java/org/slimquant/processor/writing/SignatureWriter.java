package org.slimquant.processor.writing;

import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import org.slimquant.processor.model.Signature;

/** Adds to a method or constructor the parts that it repeats of the model's. */
final class SignatureWriter {

  private SignatureWriter() {}

  static MethodSpec.Builder declare(MethodSpec.Builder member, Signature signature) {
    signature.parameters().stream()
        .map(parameter -> ParameterSpec.builder(parameter.type(), parameter.name()).build())
        .forEach(member::addParameter);
    return member
        .addAnnotations(signature.annotations())
        .addModifiers(signature.access())
        .addTypeVariables(signature.typeVariables())
        .addExceptions(signature.exceptions());
  }
}
