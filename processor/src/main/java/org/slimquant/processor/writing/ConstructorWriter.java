package org.slimquant.processor.writing;

import static org.slimquant.processor.writing.RuntimeTypes.GRAPH_QUANTIZER;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.NameAllocator;
import com.palantir.javapoet.ParameterSpec;
import org.slimquant.processor.model.Parameter;
import org.slimquant.processor.model.Signature;

/**
 * Writes the constructor that takes the parameters of one of the model's constructors, and a
 * quantizer.
 *
 * <pre>{@code
 * QuantizedLeNet(Ops tf, GraphQuantizer quantizer) {
 *   super(tf);
 *   this.quantizer = quantizer;
 * }
 * }</pre>
 */
final class ConstructorWriter {

  private ConstructorWriter() {}

  /**
   * Returns the constructor.
   *
   * @param quantizer the field that keeps the quantizer
   */
  static MethodSpec write(Signature signature, FieldSpec quantizer) {
    NameAllocator names = new NameAllocator();
    signature.parameters().stream().map(Parameter::name).forEach(names::newName);
    ParameterSpec last = ParameterSpec.builder(GRAPH_QUANTIZER, names.newName("quantizer")).build();
    MethodSpec.Builder constructor =
        SignatureWriter.declare(MethodSpec.constructorBuilder(), signature).addParameter(last);
    if (!signature.parameters().isEmpty()) {
      CodeBlock arguments =
          signature.parameters().stream()
              .map(parameter -> CodeBlock.of("$L", parameter.name()))
              .collect(CodeBlock.joining(",$W"));
      constructor.addStatement("super($L)", arguments);
    }
    return constructor.addStatement("this.$N = $N", quantizer, last).build();
  }
}
