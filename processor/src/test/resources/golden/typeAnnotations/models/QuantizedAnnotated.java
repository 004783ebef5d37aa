package models;

import java.util.List;
import java.util.Map;
import javax.annotation.processing.Generated;
import org.jspecify.annotations.NonNull;
import org.jspecify.annotations.Nullable;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedAnnotated<E extends @Nullable Object> extends Annotated<E> {
  private static final QuantizedLayer CONV1 = QuantizedLayer.of(
      "conv1", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedInput CONV1_IMAGES = new QuantizedInput(
      "images", FixedPoint.signed(8, -7));

  private final GraphQuantizer quantizer;

  QuantizedAnnotated(@Nullable String name, List<@Nullable E> list, GraphQuantizer quantizer) {
    super(name, list);
    this.quantizer = quantizer;
  }

  @Override
  <T extends @Nullable Comparable<@Nullable T>> @Nullable Operand<TFloat32> conv1(
      @Nullable Operand<TFloat32> images, Operand<@NonNull TFloat32> features,
      @Nullable Operand<TFloat32> mask, Map. @Nullable Entry<String, ? extends @Nullable T> entry,
      @Nullable String @NonNull [] @Nullable [] arrays,
      Map. @Nullable Entry<String, String>[] entries, @Nullable T nullable,
      Annotated.Outer<String>. @Nullable Inner inner, @Nullable Object @Nullable ... rest) {
    return GraphQuantizer.layer(quantizer, CONV1, () ->
        super.conv1(images == null ? null : quantizer.input(CONV1_IMAGES, images),
              quantizer.input(features), quantizer.input(mask), entry, arrays, entries, nullable,
              inner, rest));
  }
}
