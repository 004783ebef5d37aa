package org.slimquant.processor.writing;

import static org.slimquant.processor.writing.RuntimeTypes.GRAPH_QUANTIZER;

import com.google.common.collect.ImmutableMap;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import org.slimquant.processor.model.LayerMethod;
import org.slimquant.processor.model.Parameter;
import org.slimquant.processor.model.Parameter.Role;
import org.slimquant.processor.model.QuantizedModel;
import org.slimquant.processor.model.Signature;

/**
 * Writes the override of a layer method.
 *
 * <pre>{@code
 * @Override
 * protected Operand<TFloat32> conv1(Operand<TFloat32> images) {
 *   return GraphQuantizer.layer(quantizer, CONV1, () ->
 *       super.conv1(quantizer.input(CONV1_IMAGES, images)));
 * }
 * }</pre>
 */
final class OverrideWriter {

  private final CodeBlock target;
  private final FieldSpec quantizer;

  OverrideWriter(QuantizedModel model, FieldSpec quantizer) {
    this.target =
        model.isInterface()
            ? CodeBlock.of("$T.super", ClassName.get(model.element()))
            : CodeBlock.of("super");
    this.quantizer = quantizer;
  }

  MethodSpec write(LayerMethod layer, LayerConstants constants) {
    Signature signature = layer.signature();
    MethodSpec.Builder override =
        MethodSpec.methodBuilder(layer.name()).addAnnotation(Override.class);
    CodeBlock arguments =
        signature.parameters().stream()
            .map(parameter -> argument(parameter, constants.inputs()))
            .collect(CodeBlock.joining(",$W"));
    return SignatureWriter.declare(override, signature)
        .returns(layer.type())
        .varargs(signature.varargs())
        .addStatement(
            "return $T.layer($N, $N, () ->\n$L.$L($>$L$<))",
            GRAPH_QUANTIZER,
            quantizer,
            constants.layer(),
            target,
            layer.name(),
            arguments)
        .build();
  }

  /** Returns the argument that the override passes on for a parameter. */
  private CodeBlock argument(Parameter parameter, ImmutableMap<String, FieldSpec> inputs) {
    String name = parameter.name();
    if (parameter.role() instanceof Role.Quantized quantized) {
      CodeBlock call =
          CodeBlock.of("$N.input($N, $L)", quantizer, inputs.get(quantized.input()), name);
      return quantized.nullable() ? CodeBlock.of("$L == null ? null : $L", name, call) : call;
    }
    if (parameter.role() instanceof Role.Operand) {
      return CodeBlock.of("$N.input($L)", quantizer, name);
    }
    if (parameter.role() instanceof Role.Operands) {
      return CodeBlock.of("$N.inputs($L)", quantizer, name);
    }
    return CodeBlock.of("$L", name);
  }
}
