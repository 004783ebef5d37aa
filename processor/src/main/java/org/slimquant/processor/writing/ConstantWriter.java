package org.slimquant.processor.writing;

import static org.slimquant.processor.writing.RuntimeTypes.QUANTIZED_INPUT;
import static org.slimquant.processor.writing.RuntimeTypes.QUANTIZED_INPUTS;
import static org.slimquant.processor.writing.RuntimeTypes.QUANTIZED_LAYER;
import static org.slimquant.processor.writing.RuntimeTypes.QUANTIZED_OUTPUT;

import com.google.common.base.CaseFormat;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.NameAllocator;
import com.palantir.javapoet.TypeSpec;
import java.util.Optional;
import javax.lang.model.element.Modifier;
import org.slimquant.format.CompiledPlan;
import org.slimquant.processor.model.LayerFormats;
import org.slimquant.processor.model.LayerMethod;
import org.slimquant.processor.model.Parameter;
import org.slimquant.processor.model.Parameter.Role;
import org.slimquant.processor.model.QuantizedModel;

/**
 * Writes the constants of the generated class, one method for each kind.
 *
 * <pre>{@code
 * private static final CompiledPlan PLAN = new CompiledPlan("models.LeNet.plan.txtpb", "6f…");
 *
 * private static final QuantizedLayer CONV1 = QuantizedLayer.of(
 *     "conv1", Calibrated.signed(8), Calibrated.of(8));
 *
 * private static final QuantizedInput CONV1_IMAGES = new QuantizedInput(
 *     "images", FixedPoint.signed(8, -7));
 * }</pre>
 */
final class ConstantWriter {

  private static final Modifier[] CONSTANT = {Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL};

  private final NameAllocator names;
  private final Optional<FieldSpec> plan;
  private final FormatWriter formats;
  private final KernelsWriter kernels;

  /**
   * Creates a writer.
   *
   * @param names the names of fields that are taken
   */
  ConstantWriter(QuantizedModel model, NameAllocator names) {
    this.names = names;
    this.plan = model.plan().map(this::planConstant);
    this.formats = new FormatWriter(plan);
    this.kernels = new KernelsWriter(model, formats);
  }

  private FieldSpec planConstant(CompiledPlan compiledPlan) {
    return FieldSpec.builder(CompiledPlan.class, names.newName("PLAN"), CONSTANT)
        .initializer(
            "new $T(\n$>$>$S, $S$<$<)",
            CompiledPlan.class,
            compiledPlan.file(),
            compiledPlan.fingerprint())
        .build();
  }

  /** Returns the constant for the plan that the compiler was given, if it was given one. */
  Optional<FieldSpec> plan() {
    return plan;
  }

  LayerConstants constantsOf(LayerMethod layer) {
    FieldSpec layerConstant = layerConstant(layer);
    ImmutableMap.Builder<String, FieldSpec> inputs = ImmutableMap.builder();
    for (Parameter parameter : layer.signature().parameters()) {
      if (parameter.role() instanceof Role.Quantized input) {
        inputs.put(input.input(), inputConstant(layer, input));
      }
      if (parameter.role() instanceof Role.QuantizedGroup group) {
        inputs.put(group.input(), groupConstant(layer, group));
      }
    }
    return new LayerConstants(layerConstant, inputs.buildOrThrow());
  }

  private FieldSpec layerConstant(LayerMethod layer) {
    LayerFormats layerFormats = layer.formats();
    CodeBlock.Builder initializer =
        CodeBlock.builder()
            .add(
                "$T.$L(\n$>$>$S, $L, $L$<$<)",
                QUANTIZED_LAYER,
                layerFormats.kernelRequired() ? "withKernel" : "of",
                layer.name(),
                kernels.kernel(layer),
                formats.write(layerFormats.output()))
            .add(sum(layerFormats));
    if (!layerFormats.outputs().isEmpty()) {
      CodeBlock outputs =
          layerFormats.outputs().stream()
              .map(
                  output ->
                      CodeBlock.of(
                          "new $T($S, $L)",
                          QUANTIZED_OUTPUT,
                          output.name(),
                          formats.write(output.format())))
              .collect(CodeBlock.joining(",\n"));
      initializer.add(".returning(\n$>$>$L$<$<)", outputs);
    }
    return FieldSpec.builder(QUANTIZED_LAYER, constantName(layer.name()), CONSTANT)
        .initializer(initializer.build())
        .build();
  }

  private FieldSpec groupConstant(LayerMethod layer, Role.QuantizedGroup group) {
    String name = constantName("%s_%s".formatted(layer.name(), group.input()));
    boolean each = group.formats().isEmpty();
    return FieldSpec.builder(QUANTIZED_INPUTS, name, CONSTANT)
        .initializer(
            "$T.$L(\n$>$>$S,$W$L$<$<)",
            QUANTIZED_INPUTS,
            each ? "each" : "of",
            group.input(),
            (each ? ImmutableList.of(group.format()) : group.formats())
                .stream().map(formats::write).collect(CodeBlock.joining(",$W")))
        .build();
  }

  /** Returns the call that sets the format of the sum, if it is not the default. */
  private CodeBlock sum(LayerFormats layerFormats) {
    return layerFormats.hasDefaultSum()
        ? CodeBlock.of("")
        : CodeBlock.of("\n$>$>.withSum($L)$<$<", formats.write(layerFormats.sum()));
  }

  private FieldSpec inputConstant(LayerMethod layer, Role.Quantized input) {
    String name = constantName("%s_%s".formatted(layer.name(), input.input()));
    return FieldSpec.builder(QUANTIZED_INPUT, name, CONSTANT)
        .initializer(
            "new $T(\n$>$>$S, $L$<$<)",
            QUANTIZED_INPUT,
            input.input(),
            formats.write(input.format()))
        .build();
  }

  /** Returns the nested class with the formats that the constants have no room for. */
  Optional<TypeSpec> kernels() {
    return kernels.kernels();
  }

  private String constantName(String name) {
    return names.newName(CaseFormat.LOWER_CAMEL.to(CaseFormat.UPPER_UNDERSCORE, name));
  }
}
