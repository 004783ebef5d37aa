package org.slimquant.processor.writing;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static org.slimquant.processor.writing.RuntimeTypes.GRAPH_QUANTIZER;
import static org.slimquant.processor.writing.RuntimeTypes.OPERAND_GROUP;
import static org.slimquant.processor.writing.RuntimeTypes.QUANTIZED_INPUTS;
import static org.slimquant.processor.writing.RuntimeTypes.QUANTIZED_LAYER;
import static org.slimquant.processor.writing.RuntimeTypes.QUANTIZED_OUTPUT;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.NameAllocator;
import com.palantir.javapoet.TypeSpec;
import com.palantir.javapoet.TypeVariableName;
import java.util.Optional;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.processor.model.LayerMethod;
import org.slimquant.processor.model.Parameter;
import org.slimquant.processor.model.QuantizedModel;

/**
 * Writes the class that quantizes a model.
 *
 * <pre>{@code
 * @Generated("org.slimquant.processor.QuantInt8Processor")
 * final class QuantizedLeNet extends LeNet {
 *   private static final QuantizedLayer CONV1 = QuantizedLayer.of(
 *       "conv1", Calibrated.signed(8), Calibrated.of(8));
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
 * <p>It trusts the model, which the reader has checked.
 */
public final class QuantizedClassWriter {

  private final QuantizedModel model;
  private final ImmutableSet<String> parameterNames;
  private final FieldSpec quantizer;
  private final ConstantWriter constants;

  private QuantizedClassWriter(QuantizedModel model) {
    this.model = model;
    this.parameterNames =
        model.layers().stream()
            .flatMap(layer -> layer.signature().parameters().stream())
            .map(Parameter::name)
            .collect(toImmutableSet());
    // No parameter of a layer hides a field of the generated class. Fields of the model may have
    // the same names: the generated class does not refer to them.
    NameAllocator names = new NameAllocator();
    parameterNames.forEach(names::newName);
    this.quantizer =
        FieldSpec.builder(
                GRAPH_QUANTIZER, names.newName("quantizer"), Modifier.PRIVATE, Modifier.FINAL)
            .build();
    this.constants = new ConstantWriter(model, names);
  }

  /**
   * Returns the source of the class.
   *
   * @param generated the annotation {@code @Generated}, if the user's platform has it
   */
  public static JavaFile write(QuantizedModel model, Optional<AnnotationSpec> generated) {
    TypeSpec type = new QuantizedClassWriter(model).quantizedClass(generated);
    return JavaFile.builder(model.name().packageName(), type)
        .skipJavaLangImports(!model.hidesJavaLang())
        .build();
  }

  private TypeSpec quantizedClass(Optional<AnnotationSpec> generated) {
    TypeSpec.Builder type = declaration(generated);
    OverrideWriter overrideWriter = new OverrideWriter(model, quantizer);
    ImmutableList.Builder<MethodSpec> overrides = ImmutableList.builder();
    constants.plan().ifPresent(type::addField);
    for (LayerMethod layer : model.layers()) {
      LayerConstants layerConstants = constants.constantsOf(layer);
      type.addFields(layerConstants.inOrder());
      overrides.add(overrideWriter.write(layer, layerConstants));
    }
    constants.kernels().ifPresent(type::addType);
    type.addField(quantizer);
    model.constructors().stream()
        .map(constructor -> ConstructorWriter.write(constructor, quantizer))
        .forEach(type::addMethod);
    return type.addMethods(overrides.build()).build();
  }

  /** {@code final class QuantizedLeNet extends LeNet}, with its annotations. */
  private TypeSpec.Builder declaration(Optional<AnnotationSpec> generated) {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(model.name())
            .addOriginatingElement(model.element())
            .avoidClashesWithNestedClasses(model.element())
            .addModifiers(model.modifiers().toArray(Modifier[]::new))
            .addTypeVariables(model.typeVariables())
            .alwaysQualify(obscuredTypes())
            .alwaysQualify(shadowedAnnotations());
    generated.ifPresent(type::addAnnotation);
    type.addAnnotations(model.annotations());
    return model.isInterface()
        ? type.addSuperinterface(model.model())
        : type.superclass(model.model());
  }

  /**
   * Returns this library's types whose simple names mean variables here: fields or parameters of
   * layers.
   */
  private String[] obscuredTypes() {
    return Stream.of(
            ClassName.get(Calibrated.class),
            ClassName.get(FixedPoint.class),
            GRAPH_QUANTIZER,
            OPERAND_GROUP,
            QUANTIZED_INPUTS,
            QUANTIZED_LAYER,
            QUANTIZED_OUTPUT)
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
}
