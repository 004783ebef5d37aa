package org.slimquant.processor.writing;

import static org.slimquant.processor.writing.RuntimeTypes.GRAPH_QUANTIZER;
import static org.slimquant.processor.writing.RuntimeTypes.OPERAND_GROUP;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.NameAllocator;
import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.processor.model.LayerMethod;
import org.slimquant.processor.model.LayerResult;
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
    CodeBlock call = CodeBlock.of("$L.$L($>$L$<)", target, layer.name(), arguments);
    return SignatureWriter.declare(override, signature)
        .returns(layer.type())
        .varargs(signature.varargs())
        .addStatement("return $L", build(layer, constants.layer(), call))
        .build();
  }

  /** Returns the call of the runtime that builds a layer from a call of the model's method. */
  private CodeBlock build(LayerMethod layer, FieldSpec constant, CodeBlock call) {
    LayerResult result = layer.result();
    if (result instanceof LayerResult.One) {
      return CodeBlock.of(
          "$T.layer($N, $N, () ->\n$L)", GRAPH_QUANTIZER, quantizer, constant, call);
    }
    if (result instanceof LayerResult.Components named) {
      return buildRecord(layer, named.components(), constant, call);
    }
    return CodeBlock.of(
        "$T.$L($N, $N, () ->\n$L)",
        OPERAND_GROUP,
        result instanceof LayerResult.Array ? "array" : "list",
        quantizer,
        constant,
        call);
  }

  private CodeBlock buildRecord(
      LayerMethod layer, ImmutableList<String> components, FieldSpec constant, CodeBlock call) {
    // The parameters of a lambda hide none of the method's.
    NameAllocator names = new NameAllocator();
    layer.signature().parameters().forEach(parameter -> names.newName(parameter.name()));
    String record = names.newName("record");
    String outputs = names.newName("outputs");
    return CodeBlock.of(
        "$T.record($N, $N, () ->\n$L,\n$L -> $T.of($L),\n$L -> new $T($L))",
        OPERAND_GROUP,
        quantizer,
        constant,
        call,
        record,
        List.class,
        components.stream()
            .map(component -> CodeBlock.of("$L.$L()", record, component))
            .collect(CodeBlock.joining(",$W")),
        outputs,
        layer.type().withoutAnnotations(),
        IntStream.range(0, components.size())
            .mapToObj(i -> CodeBlock.of("$L.get($L)", outputs, i))
            .collect(CodeBlock.joining(",$W")));
  }

  /** Returns the argument that the override passes on for a parameter. */
  private CodeBlock argument(Parameter parameter, ImmutableMap<String, FieldSpec> inputs) {
    String name = parameter.name();
    if (parameter.role() instanceof Role.Quantized quantized) {
      CodeBlock call =
          CodeBlock.of("$N.input($N, $L)", quantizer, inputs.get(quantized.input()), name);
      return quantized.nullable() ? CodeBlock.of("$L == null ? null : $L", name, call) : call;
    }
    if (parameter.role() instanceof Role.QuantizedGroup group) {
      CodeBlock call =
          CodeBlock.of(
              "$T.inputs($N, $N, $L)", OPERAND_GROUP, quantizer, inputs.get(group.input()), name);
      return group.nullable() ? CodeBlock.of("$L == null ? null : $L", name, call) : call;
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
