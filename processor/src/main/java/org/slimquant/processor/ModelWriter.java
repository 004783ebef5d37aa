package org.slimquant.processor;

import static com.google.common.collect.ImmutableSet.toImmutableSet;

import com.google.common.base.CaseFormat;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.NameAllocator;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.TypeSpec;
import com.palantir.javapoet.TypeVariableName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import org.slimquant.format.Calibrated;
import org.slimquant.format.CompiledPlan;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.PerChannel;
import org.slimquant.format.Planned;
import org.slimquant.processor.Parameter.Role;

/**
 * Writes the class that quantizes a model.
 *
 * <pre>{@code
 * @Generated("org.slimquant.processor.QuantInt8Processor")
 * final class QuantizedLeNet extends LeNet {
 *   private static final QuantizedLayer CONV1 = QuantizedLayer.of(
 *       "conv1", Calibrated.signed(8), Calibrated.signed(8));
 *
 *   private static final QuantizedInput CONV1_IMAGES = new QuantizedInput(
 *       "images", FixedPoint.signed(8, -7));
 *
 *   private final GraphQuantizer quantizer;
 *
 *   QuantizedLeNet(Ops tf, GraphQuantizer quantizer) {
 *     super(tf);
 *     this.quantizer = quantizer;
 *   }
 *
 *   @Override
 *   protected Operand<TFloat32> conv1(Operand<TFloat32> images) {
 *     return GraphQuantizer.layer(quantizer, CONV1, () ->
 *         super.conv1(quantizer.input(CONV1_IMAGES, images)));
 *   }
 * }
 * }</pre>
 *
 * <p>It trusts the model, which {@link ModelReader} has checked.
 */
final class ModelWriter {

  private static final String RUNTIME = "org.slimquant.runtime";
  private static final ClassName GRAPH_QUANTIZER = ClassName.get(RUNTIME, "GraphQuantizer");
  private static final ClassName QUANTIZED_INPUT = ClassName.get(RUNTIME, "QuantizedInput");
  private static final ClassName QUANTIZED_LAYER = ClassName.get(RUNTIME, "QuantizedLayer");

  /**
   * The most exponents that stand in the constants themselves. All constants of a class are made in
   * one method, whose 64 KB hold about 9,000.
   */
  private static final int MAX_CHANNELS_IN_CONSTANTS = 4096;

  private static final Modifier[] CONSTANT = {Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL};

  private final QuantizedModel model;
  private final NameAllocator names = new NameAllocator();
  private final ImmutableSet<String> parameterNames;
  private final FieldSpec quantizer;

  /** The constant for the plan that the compiler was given. */
  private final Optional<FieldSpec> plan;

  private ModelWriter(QuantizedModel model) {
    this.model = model;
    this.parameterNames =
        model.layers().stream()
            .flatMap(layer -> layer.signature().parameters().stream())
            .map(Parameter::name)
            .collect(toImmutableSet());
    // Our fields have names that no parameter of a layer shadows. Fields of the model do not
    // matter: ours hide them only here, where nothing refers to them.
    parameterNames.forEach(names::newName);
    this.quantizer =
        FieldSpec.builder(
                GRAPH_QUANTIZER, names.newName("quantizer"), Modifier.PRIVATE, Modifier.FINAL)
            .build();
    this.plan = model.plan().map(this::planConstant);
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

  /**
   * Returns the source of the class.
   *
   * @param generated the annotation {@code @Generated}, where the user's platform has it
   */
  static JavaFile write(QuantizedModel model, Optional<ClassName> generated) {
    TypeSpec type = new ModelWriter(model).quantizedClass(generated);
    return JavaFile.builder(model.name().packageName(), type)
        .skipJavaLangImports(!model.hidesJavaLang())
        .build();
  }

  private TypeSpec quantizedClass(Optional<ClassName> generated) {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(model.name())
            .addOriginatingElement(model.element())
            .avoidClashesWithNestedClasses(model.element())
            .addModifiers(model.modifiers().toArray(Modifier[]::new))
            .addTypeVariables(model.typeVariables())
            .alwaysQualify(obscuredTypes())
            .alwaysQualify(shadowedAnnotations());
    generated.map(ModelWriter::generatedBy).ifPresent(type::addAnnotation);
    type.addAnnotations(model.annotations());
    if (model.isInterface()) {
      type.addSuperinterface(model.model());
    } else {
      type.superclass(model.model());
    }
    plan.ifPresent(type::addField);
    ImmutableList.Builder<MethodSpec> overrides = ImmutableList.builder();
    for (Layer layer : model.layers()) {
      FieldSpec constant = layerConstant(layer);
      type.addField(constant);
      ImmutableList.Builder<CodeBlock> arguments = ImmutableList.builder();
      for (Parameter parameter : layer.signature().parameters()) {
        arguments.add(argument(layer, parameter, type));
      }
      overrides.add(override(layer, constant, arguments.build()));
    }
    if (hasManyChannels()) {
      type.addType(kernels());
    }
    type.addField(quantizer);
    model.constructors().forEach(constructor -> type.addMethod(constructor(constructor)));
    return type.addMethods(overrides.build()).build();
  }

  /** Returns our types whose simple names mean variables here: fields or parameters of layers. */
  private String[] obscuredTypes() {
    return Stream.of(
            ClassName.get(Calibrated.class),
            ClassName.get(FixedPoint.class),
            GRAPH_QUANTIZER,
            QUANTIZED_LAYER)
        .map(ClassName::simpleName)
        .filter(name -> parameterNames.contains(name) || model.fieldNames().contains(name))
        .toArray(String[]::new);
  }

  /** Returns the annotations of overrides whose names mean type variables there. */
  private String[] shadowedAnnotations() {
    return Stream.of(Override.class, Deprecated.class, SuppressWarnings.class)
        .map(Class::getSimpleName)
        .filter(name -> typeVariablesOfLayers().anyMatch(variable -> variable.name().equals(name)))
        .toArray(String[]::new);
  }

  private Stream<TypeVariableName> typeVariablesOfLayers() {
    return model.layers().stream().flatMap(layer -> layer.signature().typeVariables().stream());
  }

  private static AnnotationSpec generatedBy(ClassName generated) {
    return AnnotationSpec.builder(generated)
        .addMember("value", "$S", QuantInt8Processor.class.getCanonicalName())
        .build();
  }

  private FieldSpec layerConstant(Layer layer) {
    LayerFormats formats = layer.formats();
    return FieldSpec.builder(QUANTIZED_LAYER, constantName(layer.name()), CONSTANT)
        .initializer(
            "$T.$L(\n$>$>$S, $L, $L$<$<)",
            QUANTIZED_LAYER,
            formats.kernelRequired() ? "withKernel" : "of",
            layer.name(),
            hasManyChannels() && channels(formats.kernel()) > 0
                ? CodeBlock.of("$T.$L()", kernelsName(), kernelMethodName(layer))
                : format(formats.kernel()),
            format(formats.output()))
        .build();
  }

  private boolean hasManyChannels() {
    return model.layers().stream()
            .map(layer -> layer.formats().kernel())
            .mapToInt(ModelWriter::channels)
            .sum()
        > MAX_CHANNELS_IN_CONSTANTS;
  }

  private static int channels(FormatRequest kernel) {
    return kernel instanceof Planned planned && planned.format() instanceof PerChannel format
        ? format.fracs().size()
        : 0;
  }

  /**
   * Returns the class with a method for the format of each per-channel kernel.
   *
   * <pre>{@code
   * private static final class Kernels {
   *   static Planned conv1Kernel() {
   *     return PLAN.perChannel(8, -7, -6, -9, …);
   *   }
   * }
   * }</pre>
   */
  private TypeSpec kernels() {
    TypeSpec.Builder kernels = TypeSpec.classBuilder(kernelsName()).addModifiers(CONSTANT);
    for (Layer layer : model.layers()) {
      FormatRequest format = layer.formats().kernel();
      if (channels(format) > 0) {
        kernels.addMethod(
            MethodSpec.methodBuilder(kernelMethodName(layer))
                .addModifiers(Modifier.STATIC)
                .returns(Planned.class)
                .addStatement("return $L", format(format))
                .build());
      }
    }
    return kernels.build();
  }

  private ClassName kernelsName() {
    return model.name().nestedClass("Kernels");
  }

  private static String kernelMethodName(Layer layer) {
    return layer.name() + "Kernel";
  }

  private FieldSpec inputConstant(Layer layer, Role.Quantized input) {
    String name = constantName("%s_%s".formatted(layer.name(), input.input()));
    return FieldSpec.builder(QUANTIZED_INPUT, name, CONSTANT)
        .initializer(
            "new $T(\n$>$>$S, $L$<$<)", QUANTIZED_INPUT, input.input(), format(input.format()))
        .build();
  }

  private String constantName(String name) {
    return names.newName(CaseFormat.LOWER_CAMEL.to(CaseFormat.UPPER_UNDERSCORE, name));
  }

  /** {@code FixedPoint.signed(8, -7)}, say. */
  private CodeBlock format(FormatRequest format) {
    String sign = format.signed() ? "signed" : "unsigned";
    if (format instanceof FixedPoint fixedPoint) {
      return CodeBlock.of(
          "$T.$L($L, $L)", FixedPoint.class, sign, fixedPoint.bits(), fixedPoint.frac());
    }
    if (format instanceof Planned planned) {
      List<Integer> fracs = planned.format().fracs();
      return CodeBlock.of(
          "$N.$L($L,$W$L)",
          plan.orElseThrow(),
          channels(format) > 0 ? "perChannel" : sign,
          format.bits(),
          fracs.stream().map(frac -> CodeBlock.of("$L", frac)).collect(CodeBlock.joining(",$W")));
    }
    Calibrated calibrated = (Calibrated) format;
    return CodeBlock.of(
        "$T.$L($L)",
        Calibrated.class,
        calibrated.perChannel() ? "perChannel" : sign,
        calibrated.bits());
  }

  /** {@code QuantizedLeNet(Ops tf, GraphQuantizer quantizer)}. */
  private MethodSpec constructor(Signature signature) {
    NameAllocator parameterNames = new NameAllocator();
    signature.parameters().forEach(parameter -> parameterNames.newName(parameter.name()));
    ParameterSpec last =
        ParameterSpec.builder(GRAPH_QUANTIZER, parameterNames.newName("quantizer")).build();
    MethodSpec.Builder constructor =
        declare(MethodSpec.constructorBuilder(), signature).addParameter(last);
    if (!signature.parameters().isEmpty()) {
      CodeBlock arguments =
          signature.parameters().stream()
              .map(parameter -> CodeBlock.of("$L", parameter.name()))
              .collect(CodeBlock.joining(",$W"));
      constructor.addStatement("super($L)", arguments);
    }
    return constructor.addStatement("this.$N = $N", quantizer, last).build();
  }

  /** {@code Operand<TFloat32> conv1(Operand<TFloat32> images)}. */
  private MethodSpec override(Layer layer, FieldSpec constant, List<CodeBlock> arguments) {
    Signature signature = layer.signature();
    CodeBlock target =
        model.isInterface() ? CodeBlock.of("$T.super", rawModel()) : CodeBlock.of("super");
    return declare(MethodSpec.methodBuilder(layer.name()).addAnnotation(Override.class), signature)
        .returns(layer.type())
        .varargs(signature.varargs())
        .addStatement(
            "return $T.layer($N, $N, () ->\n$L.$L($>$L$<))",
            GRAPH_QUANTIZER,
            quantizer,
            constant,
            target,
            layer.name(),
            CodeBlock.join(arguments, ",$W"))
        .build();
  }

  /** Returns what the override passes on, and adds the constant that it needs. */
  private CodeBlock argument(Layer layer, Parameter parameter, TypeSpec.Builder type) {
    String name = parameter.name();
    if (parameter.role() instanceof Role.Quantized quantized) {
      FieldSpec constant = inputConstant(layer, quantized);
      type.addField(constant);
      CodeBlock call = CodeBlock.of("$N.input($N, $L)", quantizer, constant, name);
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

  private static MethodSpec.Builder declare(MethodSpec.Builder member, Signature signature) {
    signature.parameters().stream()
        .map(parameter -> ParameterSpec.builder(parameter.type(), parameter.name()).build())
        .forEach(member::addParameter);
    return member
        .addAnnotations(signature.annotations())
        .addModifiers(signature.access())
        .addTypeVariables(signature.typeVariables())
        .addExceptions(signature.exceptions());
  }

  private ClassName rawModel() {
    return ClassName.get(model.element());
  }
}
