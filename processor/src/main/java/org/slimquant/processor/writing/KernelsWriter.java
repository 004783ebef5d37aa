package org.slimquant.processor.writing;

import static org.slimquant.processor.writing.FormatWriter.channels;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import java.util.Optional;
import javax.lang.model.element.Modifier;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.Planned;
import org.slimquant.processor.model.LayerMethod;
import org.slimquant.processor.model.QuantizedModel;

/**
 * Writes the nested class with the formats of per-channel kernels, if they have many channels.
 *
 * <pre>{@code
 * private static final class Kernels {
 *   static Planned conv1Kernel() {
 *     return PLAN.perChannel(8, -7, -6, -9, …);
 *   }
 * }
 * }</pre>
 */
final class KernelsWriter {

  /**
   * The largest number of exponents that are written into the constants themselves. One method
   * initializes all constants of a class, and its 64 KB have room for about 9,000.
   */
  private static final int MAX_CHANNELS_IN_CONSTANTS = 4096;

  private final QuantizedModel model;
  private final FormatWriter formats;
  private final ClassName name;
  private final boolean hasManyChannels;

  KernelsWriter(QuantizedModel model, FormatWriter formats) {
    this.model = model;
    this.formats = formats;
    this.name = model.name().nestedClass("Kernels");
    this.hasManyChannels =
        model.layers().stream().mapToInt(layer -> channels(layer.formats().kernel())).sum()
            > MAX_CHANNELS_IN_CONSTANTS;
  }

  /** Returns the class, unless the constants have room for all formats. */
  Optional<TypeSpec> kernels() {
    if (!hasManyChannels) {
      return Optional.empty();
    }
    TypeSpec.Builder kernels =
        TypeSpec.classBuilder(name).addModifiers(Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL);
    model.layers().stream()
        .filter(layer -> channels(layer.formats().kernel()) > 0)
        .map(this::method)
        .forEach(kernels::addMethod);
    return Optional.of(kernels.build());
  }

  private MethodSpec method(LayerMethod layer) {
    return MethodSpec.methodBuilder(methodName(layer))
        .addModifiers(Modifier.STATIC)
        .returns(Planned.class)
        .addStatement("return $L", formats.write(layer.formats().kernel()))
        .build();
  }

  /** Returns the expression for a layer's kernel format: a call of a method above, or a format. */
  CodeBlock kernel(LayerMethod layer) {
    FormatRequest format = layer.formats().kernel();
    return hasManyChannels && channels(format) > 0
        ? CodeBlock.of("$T.$L()", name, methodName(layer))
        : formats.write(format);
  }

  private static String methodName(LayerMethod layer) {
    return layer.name() + "Kernel";
  }
}
